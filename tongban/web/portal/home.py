"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tongban.foundation.kernel.pages import PUBLIC, audience

from .topics import COMPANY_TOPICS, PERSON_TOPICS


@audience(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"person_topics": PERSON_TOPICS, "company_topics": COMPANY_TOPICS})


urlpatterns = [path("", home, name="home")]
