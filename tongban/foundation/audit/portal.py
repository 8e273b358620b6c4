"""The published roots: anybody may keep a copy, so that nobody can rewrite the past in silence."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from tongban.foundation.kernel.pages import PUBLIC, audience

from .queries import seal_keys, seals, statement_of_seal


@audience(PUBLIC)
def roots(request: HttpRequest) -> HttpResponse:
    return render(request, "audit/roots.html", {"seals": seals(), "keys": seal_keys()})


@audience(PUBLIC)
def roots_json(request: HttpRequest) -> HttpResponse:
    """All of them, with the keys, for a program that checks."""
    published = [
        {"number": seal.number, "statement": statement_of_seal(seal).decode(), "key": seal.key_id,
         "signature": seal.signature}
        for seal in reversed(seals(limit=100_000))
    ]  # fmt: skip
    return JsonResponse({"keys": seal_keys(), "seals": published}, json_dumps_params={"ensure_ascii": False})


urlpatterns = [
    path("audit/roots/", roots, name="audit_roots"),
    path("audit/roots.json", roots_json, name="audit_roots_json"),
]
