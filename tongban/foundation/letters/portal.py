"""A letter as PDF, and the page behind the code printed on it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import content_disposition_header

from tongban.foundation.kernel.pages import PUBLIC, SIGNED_IN, audience

from .actions import pdf_of
from .queries import letter_by_code, letter_for


@audience(SIGNED_IN)
def letter_pdf(request: HttpRequest, letter_id: str) -> HttpResponse:
    """The PDF, for those who may see it."""
    letter = letter_for(request.actor, letter_id)  # type: ignore[attr-defined]
    response = HttpResponse(pdf_of(letter.pk), content_type="application/pdf")
    name = f"{letter.template.content['title']} {letter.number}.pdf"
    response["Content-Disposition"] = content_disposition_header("download" in request.GET, name) or "inline"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@audience(PUBLIC)
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Says that a letter is genuine and what it is, to whoever holds it; not what it says."""
    return render(request, "letters/verify.html", {"letter": letter_by_code(code)})


urlpatterns = [
    path("letters/<uuid:letter_id>.pdf", letter_pdf, name="letter_pdf"),
    path("letters/verify/<str:code>/", verify, name="letter_verify"),
]
