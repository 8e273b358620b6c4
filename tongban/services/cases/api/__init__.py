"""办件 for other systems: intake, status, drafts, files and the steps a department's own system takes."""

from ninja import Router

from . import applications, cases, drafts, files, steps

router = Router()
router.add_router("", applications.router)
router.add_router("", cases.router)
router.add_router("", drafts.router)
router.add_router("", files.router)
router.add_router("", steps.router)
