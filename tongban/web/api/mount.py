"""The one API, `/api/v1`: which rooms have a part in it."""

from __future__ import annotations

from django.urls import path

from tongban.data.catalogue.api import router as catalogue
from tongban.data.lineage.api import router as lineage
from tongban.services.cases.api import router as cases
from tongban.services.items.api import router as items
from tongban.services.licences.api import router as licences
from tongban.services.verification.api import router as verification

from .locks import LOCKS
from .problems import teach
from .reading import StrictParser
from .schema import CityAPI

DESCRIPTION = """Items, guides, intake, status, drafts, steps and licences, for a department's own system to do what the pages do.

Authentication: `Authorization: Bearer <system key>`, or the session of a signed-in person with `X-CSRFToken`.
Every create asks for an `Idempotency-Key`. Refusals are problem documents (RFC 9457) with every reason. Lists are paged by
cursor. Times are RFC 3339. `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` say what is left.
"""

api = CityAPI(
    title="Tongban API",
    version="1.0.0",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=LOCKS,
    parser=StrictParser(),
    docs_url=None,
)
teach(api)
api.add_router("", items)
api.add_router("", cases)
api.add_router("", licences)
api.add_router("", verification)
api.add_router("", catalogue)
api.add_router("", lineage)

urlpatterns = [path("api/v1/", api.urls)]
