"""What strangers ask of us without signing in: lists, states, time stamps, keys."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.kernel.pages import PUBLIC, audience

from .actions import answer_stamp_request, answer_state_question
from .errors import CertificateNotFound
from .queries import anchors, crl, public_keys

# Address → whose list it is.
LISTS = {f"{algorithm}{end}": (algorithm, kind) for algorithm in ("sm2", "p256")
         for end, kind in (("", "issuing"), ("-root", "root"))}  # fmt: skip


@audience(PUBLIC)
@require_safe
def revocation_list(request: HttpRequest, which: str) -> HttpResponse:
    if which not in LISTS:
        raise CertificateNotFound
    answer = HttpResponse(crl(*LISTS[which]), content_type="application/pkix-crl")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


def _sent(request: HttpRequest) -> bytes:
    """The body as it came; nothing when somebody sent a form, which was read as one on the way here."""
    try:
        return request.body
    except RawPostDataException:
        return b""


@csrf_exempt
@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def state(request: HttpRequest, question: str = "") -> HttpResponse:
    """OCSP over HTTP (RFC 6960 appendix A): the question is the body, or the rest of the address in base64."""
    try:
        data = _sent(request) if request.method == "POST" else base64.b64decode(unquote(question), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    return HttpResponse(answer_state_question(data), content_type="application/ocsp-response")


@csrf_exempt
@audience(PUBLIC)
@require_POST
def stamp(request: HttpRequest, algorithm: str = "p256") -> HttpResponse:
    """RFC 3161 over HTTP: the request is the body."""
    if algorithm not in ("sm2", "p256"):
        raise CertificateNotFound
    return HttpResponse(
        answer_stamp_request(_sent(request), algorithm=algorithm), content_type="application/timestamp-reply"
    )


@audience(PUBLIC)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Everything a program needs to check our signatures without us."""
    content = {"keys": public_keys(), "authorities": anchors()}
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


urlpatterns = [
    path("trust/crl/<slug:which>.crl", revocation_list, name="trust-crl"),
    path("trust/ocsp/", state, name="trust-ocsp"),
    path("trust/ocsp/<path:question>", state, name="trust-ocsp-get"),
    path("trust/tsa/", stamp, name="trust-tsa"),
    path("trust/tsa/<slug:algorithm>/", stamp, name="trust-tsa-by-algorithm"),
    path("trust/keys.json", keys, name="trust-keys"),
]
