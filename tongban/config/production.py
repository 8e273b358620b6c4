"""What a real city must not start with: default accounts and secrets, clear text in transit (等级保护 level 3).

`TONGBAN_PRODUCTION=1` says that it is one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tongban.config.integrity import altered, release_key

SECRETS = ("TONGBAN_SECRET", "TONGBAN_DATA_KEY", "TONGBAN_KEY_SECRET")
SHORTEST = 32  # characters of a secret


def faults(environment: Mapping[str, str]) -> list[str]:
    """Every reason not to start, in the operator's words; none: it may."""
    weak = [name for name in SECRETS if len(environment.get(name, "")) < SHORTEST]
    asked = {
        "TONGBAN_DEMO must be 0: the demo city's accounts have a password that everybody knows": settings.DEMO_CITY,
        "TONGBAN_DEBUG must not be set: errors would show the code": settings.DEBUG,
        "TONGBAN_HTTPS must be 1: passwords would go in clear text": not settings.HTTPS,
        "TONGBAN_FILE_SCANNER must name a scanner: the pretend one finds nothing": settings.FILE_SCANNER == "pretend",
        f"{', '.join(weak)}: give each at least {SHORTEST} characters drawn at random": bool(weak),
    }
    if release_key(Path(settings.RELEASE_KEY)) is None:
        asked["TONGBAN_RELEASE_KEY must name the file of the release's public key (SM2, PEM)"] = True
    changed = [f"{name} is not as it was packed and signed (MANIFEST.sha256)" for name in altered()[:20]]
    return [*(reason for reason, applies in asked.items() if applies), *changed]


def refuse_if_unfit() -> None:
    """Raise `ImproperlyConfigured` with every reason where this is a real city."""
    found = faults(os.environ) if settings.PRODUCTION else []
    if found:
        raise ImproperlyConfigured("not fit for a real city (docs/operations.md):\n- " + "\n- ".join(found))
