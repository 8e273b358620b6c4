"""What the schema says beyond each operation's own shapes: how each may refuse, and where an answer leads next (links)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

PROBLEM = {
    "title": "Problem",
    "description": "A refusal (RFC 9457) with every reason. `code` is stable; docs/errors.md lists them all.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "pattern": "^urn:tongban:problem:"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string", "pattern": r"^[a-z_]+(\.[a-z0-9_]+)?$"},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("code", "text", "field")},
                "required": ["code", "text", "field"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code", "reasons"],
    "additionalProperties": False,
}
WORDS = {
    400: "The request cannot be read.",
    401: "Neither a system key nor a session.",
    403: "Not allowed to this actor.",
    404: "Not there, or not this actor's.",
    409: "Changed meanwhile, or not in a state that allows it.",
    413: "Too much was sent.",
    422: "A rule says no, or the shape is wrong; `reasons` says everything that is.",
    429: "Too often; `Retry-After` says how long to wait.",
    503: "The database, or a part of the house, is away; `Retry-After` may say for how long.",
}
OF_ALL = {400, 404, 422, 429, 503}
OF_LOCKED = {401, 403}
OF_WRITES = {409, 413}

# Where an answer leads: the operation, its answers, what is taken from them, and every operation below an address.
CASE, DRAFT, ITEM, LICENCE = "/cases/{project_no}", "/drafts/{draft_id}", "/items/{code}", "/licences/{identifier}"
LEADS = (
    ("post", "/applications", (200, 201), "project_no", CASE),
    ("post", "/drafts/{draft_id}/submission", (200, 201), "project_no", CASE),
    ("get", "/cases", (200,), "items/0/project_no", CASE),
    ("post", "/drafts", (201,), "id", DRAFT),
    ("get", "/drafts", (200,), "0/id", DRAFT),
    ("get", "/items", (200,), "items/0/code", ITEM),
    ("post", "/licences", (200, 201), "certificate_identifier", LICENCE),
    ("post", "/licences/look", (200,), "certificate_identifier", LICENCE),
    ("post", "/licences/{identifier}/acts", (200, 201), "certificate_identifier", LICENCE),
)


class CityAPI(NinjaAPI):
    """An API whose schema tells its refusals and its links as well."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        schema = super().get_openapi_schema(path_prefix=prefix)
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        paths = {path.removeprefix(prefix.rstrip("/")): methods for path, methods in schema["paths"].items()}
        for methods in paths.values():
            for method, operation in methods.items():
                operation["responses"] |= _refusals(method, operation)
        for method, path, statuses, pointer, below in LEADS:
            for status in statuses:
                paths[path][method]["responses"][status]["links"] = dict(_links(paths, pointer, below))
        return schema


def _refusals(method: str, operation: dict[str, Any]) -> dict[Any, Any]:
    statuses = OF_ALL | (OF_LOCKED if operation.get("security") else set())
    statuses |= OF_WRITES if method != "get" else set()
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told: dict[Any, Any] = {status: {"description": WORDS[status], "content": content} for status in sorted(statuses)}
    return told | ({} if method != "get" else {304: {"description": "Unchanged: `If-None-Match` named its ETag."}})


def _links(paths: dict[str, Any], pointer: str, below: str) -> Iterator[tuple[str, dict[str, Any]]]:
    parameter = below.partition("{")[2].rstrip("}")
    for path, methods in paths.items():
        if path == below or path.startswith(f"{below}/"):
            for operation in methods.values():
                name = operation["operationId"]
                yield name, {"operationId": name, "parameters": {parameter: f"$response.body#/{pointer}"}}
