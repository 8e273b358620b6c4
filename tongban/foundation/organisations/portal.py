"""Public pages: which departments there are, where the halls are."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tongban.foundation.kernel.pages import PUBLIC, audience

from .queries import department, departments_of, division, halls_of


@audience(PUBLIC)
def departments(request: HttpRequest) -> HttpResponse:
    """All departments in use, in pinyin order."""
    return render(request, "organisations/departments.html", {"departments": departments_of()})


@audience(PUBLIC)
def one_department(request: HttpRequest, department_id: UUID) -> HttpResponse:
    context = {"department": department(department_id), "halls": halls_of()[:1]}
    return render(request, "organisations/department.html", context)


@audience(PUBLIC)
def halls(request: HttpRequest) -> HttpResponse:
    context = {"halls": halls_of(), "division": division(settings.CITY_DIVISION)}
    return render(request, "organisations/halls.html", context)


urlpatterns = [
    path("departments/", departments, name="departments"),
    path("departments/<uuid:department_id>/", one_department, name="department"),
    path("halls/", halls, name="halls"),
]
