"""Write the API's schema to `docs/api/openapi.json`; a house test asks that it is what the code says."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tongban.web.api.mount import api

PATH = settings.ROOT / "docs" / "api" / "openapi.json"


def schema_text() -> str:
    return (
        json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    )


class Command(BaseCommand):
    help = "Write docs/api/openapi.json."

    def handle(self, *args: Any, **options: Any) -> None:
        PATH.parent.mkdir(parents=True, exist_ok=True)
        PATH.write_text(schema_text())
        self.stdout.write(str(PATH))
