"""The page anybody opens to have a licence or a letter looked at, the downloads for those without network, and their page."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from tongban.foundation.credentials.actions import status_list
from tongban.foundation.credentials.queries import for_scripts, key_set, lists
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import PUBLIC, audience

from .limits import count, note_failures, read_file
from .queries import verdict_of_file, verdicts_of

SHEETS = ("tokens", "base", "layout", "forms", "answers", "components", "patterns", "marks")


@audience(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The box, and the answer below it. What is typed is posted: numbers stay out of addresses and logs."""
    context: dict[str, Any] = {"typed": request.POST.get("text", "")[:4000], "words": for_scripts()}
    status = 200
    if request.method == "POST":
        try:
            count(request)
            brought = request.FILES.get("file")
            found = [verdict_of_file(read_file(brought))] if brought else verdicts_of(context["typed"])
            context["verdicts"] = note_failures(request, found)
        except TongbanError as error:
            context["error"], status = error, error.status
    response = render(request, "verification/verify.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@audience(PUBLIC)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys under credentials, lists and records, with their certificates."""
    return _download(key_set(), 3600)


@audience(PUBLIC)
@require_safe
def status(request: HttpRequest, number: int) -> HttpResponse:
    """How the credentials of one list stand, signed, with the moment of the next."""
    return _download(status_list(number), 300)


def _download(body: dict[str, Any], seconds: int) -> HttpResponse:
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Access-Control-Allow-Origin"] = "*"  # other cities' pages check ours too
    return response


@audience(PUBLIC)
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The same without network after one visit. It knows nobody: it is kept by the browser."""
    return render(request, "verification/offline.html", {"words": for_scripts()})


@audience(PUBLIC)
@require_safe
def offline_file(request: HttpRequest) -> HttpResponse:
    """One file to keep on a disk: styles, scripts, keys and lists are inside it."""
    context = {
        "words": for_scripts(),
        "style": _style(),
        "script": _script(),
        "kept": {"keys": key_set(), "lists": [status_list(number) for number in lists()]},
    }
    response = render(request, "verification/offline_file.html", context)
    response["Content-Disposition"] = 'attachment; filename="tongban-verify.html"'
    return response


@cache
def _source(name: str) -> str:
    return Path(str(finders.find(name))).read_text()


@cache
def _style() -> str:
    return "\n".join([*(_source(f"css/{name}.css") for name in SHEETS), _source("verification/verification.css")])


@cache
def _script() -> str:
    """The modules as one: what the first two give, the last finds beside it."""
    given = [_source(f"verification/{name}.js").replace("\nexport ", "\n") for name in ("check", "scan")]
    return "\n".join([*given, _source("verification/offline.js").partition("\n// ---\n")[2]])


@audience(PUBLIC)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of `/verify/`: served here, because it may only rule what lies beneath it."""
    assets = [static(f"css/{name}.css") for name in SHEETS]
    assets += [static(f"verification/{name}") for name in ("offline.js", "verification.css")]
    assets += [static(name) for name in ("js/page.js", "vendor/htmx-2.0.11.min.js", "img/icons.svg", "css/print.css")]
    # What a module imports it asks for by its plain name.
    assets += [f"{settings.STATIC_URL}verification/{name}.js" for name in ("check", "scan")]
    body = f"const ASSETS = {json.dumps(assets)};\nconst LANGUAGE = {json.dumps(get_language())};\n"
    response = HttpResponse(body + _source("verification/worker.js"), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


urlpatterns = [
    path("verify/", verify, name="verify"),
    path("verify/keys.json", keys, name="verify-keys"),
    path("verify/status/<int:number>.json", status, name="verify-status"),
    path("verify/offline/", offline, name="verify-offline"),
    path("verify/offline.html", offline_file, name="verify-offline-file"),
    path("verify/worker.js", worker, name="verify-worker"),
]
