"""Work that runs by the clock. Sealing stands here and not in `audit`: tasks record facts, so `audit` cannot use tasks."""

from tongban.foundation.audit.actions import seal
from tongban.foundation.tasks.actions import periodic

from .actions import forget_ended_sessions, forget_phones, forget_resets


@periodic("audit.seal", "10 16 * * *")  # 00:10 in China
def seal_the_day() -> None:
    seal()


@periodic("identity.forget_resets", "50 16 * * *")
def old_resets() -> None:
    forget_resets()
    forget_phones()


@periodic("identity.sessions", "35 * * * *")
def sessions() -> None:
    forget_ended_sessions()
