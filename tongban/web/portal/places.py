"""Where to go: departments and what they handle, halls and when they are open, and help in plain words."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tongban.foundation.kernel.pages import PUBLIC, audience
from tongban.foundation.organisations.queries import department, departments_of, hall, halls_of
from tongban.services.items.queries import in_force_items


@audience(PUBLIC)
def departments(request: HttpRequest) -> HttpResponse:
    counts: dict[UUID, int] = {}
    for version in in_force_items():
        counts[version.item.department_id] = counts.get(version.item.department_id, 0) + 1
    rows = [{"department": one, "count": counts.get(one.pk, 0)} for one in departments_of()]
    return render(request, "portal/departments.html", {"rows": rows})


@audience(PUBLIC)
def department_page(request: HttpRequest, department_id: UUID) -> HttpResponse:
    items = [version for version in in_force_items() if version.item.department_id == department_id]
    return render(request, "portal/department.html", {"department": department(department_id), "items": items})


@audience(PUBLIC)
def halls(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/halls.html", {"halls": halls_of()})


@audience(PUBLIC)
def hall_page(request: HttpRequest, hall_id: UUID) -> HttpResponse:
    found = hall(hall_id)
    return render(request, "portal/hall.html", {"hall": found, "windows": found.windows.order_by("number")})


@audience(PUBLIC)
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


urlpatterns = [
    path("departments/", departments, name="departments"),
    path("departments/<uuid:department_id>/", department_page, name="department"),
    path("halls/", halls, name="halls"),
    path("halls/<uuid:hall_id>/", hall_page, name="hall"),
    path("help/", help_page, name="help"),
]
