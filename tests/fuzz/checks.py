"""What every answer of the API must be, whatever was asked."""

from __future__ import annotations

import re
from typing import Any

from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tongban.web.management.commands.openapi import PATH

DOCUMENTED = set(re.findall(r"`([a-z_.0-9]+)`", (PATH.parents[1] / "errors.md").read_text()))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
]


def problem_is_explained(ctx: Any, response: Any, case: Any) -> None:
    """A refusal says why, by a code that the list of errors knows."""
    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json; charset=utf-8"], response.content[:300]
        code = response.json()["code"]
        assert code in DOCUMENTED, f"docs/errors.md does not know {code}"
