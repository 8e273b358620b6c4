"""A page of its own for the browser tests of this room: the form with every type of field, saved in memory."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from tongban.foundation.kernel.pages import PUBLIC, audience
from tongban.services.forms.actions import read_page
from tongban.services.forms.queries import parse_notes, reasons_of, refusal_of, render, settle, summary
from tongban.services.forms.tests.factories import citizen
from tongban.services.forms.tests.samples import EVERYTHING, SOURCES

PAGE = """{% extends "portal/frame.html" %}{% block title %}样表{% endblock %}{% block main %}
<h1>{{ form.title }}</h1>{% include "ui/error_summary.html" with error=error %}
{% if read %}{{ read }}{% else %}
<form method="post" enctype="multipart/form-data" novalidate>{% csrf_token %}
<button class="tb-visually-hidden" type="submit" tabindex="-1" aria-hidden="true">下一步</button>
{{ fields }}<div class="tb-actions"><button class="tb-button" type="submit">下一步</button></div></form>{% endif %}{% endblock %}"""

ACTOR = citizen()
draft: dict[str, Any] = {"answers": {}, "notes": {}, "sources": SOURCES}


@audience(PUBLIC)
def sample(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {"form": EVERYTHING}
    reasons = []
    if request.method == "POST":
        draft["answers"], reasons = read_page(
            actor=ACTOR, form=EVERYTHING, post=request.POST, uploads=request.FILES, before=draft["answers"]
        )
        draft["notes"] = parse_notes(EVERYTHING, request.POST)
        settled = settle(EVERYTHING, draft["answers"], {}, actor=ACTOR)
        if not request.POST.get("_do"):
            reasons += reasons_of(settled.faults)
            if not reasons:
                context["read"] = summary(EVERYTHING, settled.answers, draft["sources"])
    context["error"] = refusal_of(reasons)
    context["fields"] = render(EVERYTHING, draft["answers"], reasons, draft["sources"], notes=draft["notes"])
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request), status=422 if reasons else 200)


urlpatterns = [path("sample-form/", sample), path("", include("tongban.config.urls"))]
handler500 = "tongban.web.refusals.broken"
