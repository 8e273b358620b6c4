"""The front door: search first, then topics; one's own open cases when one is signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.pages import PUBLIC, audience
from tongban.services.cases.queries import my_cases

from .topics import COMPANY_TOPICS, PERSON_TOPICS

# What people ask for most, in their own words; each leads to a search.
# What people ask for most: the words shown, and the words searched for, which are Chinese in every language.
OFTEN_ASKED = (
    (_("孩子上户口"), "孩子上户口"),
    (_("开小饭馆"), "开小饭馆"),
    (_("办营业执照"), "办营业执照"),
    (_("老年优待证"), "老年优待证"),
    (_("公司注销"), "公司注销"),
)


@audience(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "mine": my_cases(actor, {"open": True}, size=3).rows if actor.applicant_id else [],
        "often_asked": OFTEN_ASKED,
        "person_topics": PERSON_TOPICS,
        "company_topics": COMPANY_TOPICS,
    }
    return render(request, "portal/home.html", context)


urlpatterns = [path("", home, name="home")]
