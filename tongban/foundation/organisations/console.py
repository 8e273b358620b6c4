"""The system administrator keeps departments, their posts, and the halls."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.foundation.kernel.pages import STAFF, audience

from . import actions, queries
from .errors import OrganisationRefused

MANAGE = "organisations.manage"
DEPARTMENT = ("short_name", "name", "phone", "address", "duties")
HALL = ("name", "address", "hours", "phone")


def typed(request: HttpRequest, names: tuple[str, ...]) -> dict[str, Any]:
    """What was typed, spaces around it off; a tick box is `is_active`."""
    return {name: request.POST.get(name, "").strip() for name in names}


@audience(STAFF, MANAGE)
def overview(request: HttpRequest) -> HttpResponse:
    context = {"departments": queries.all_departments(), "halls": queries.all_halls()}
    return render(request, "organisations/console/overview.html", context)


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "POST"])
def add_department(request: HttpRequest) -> HttpResponse:
    values, error = typed(request, ("code", *DEPARTMENT)), None
    if request.method == "POST":
        try:
            opened = actions.add_department(actor=request.actor, division=settings.CITY_DIVISION, **values)  # type: ignore[attr-defined]
        except OrganisationRefused as refusal:
            error = refusal
        else:
            messages.success(request, _("部门已增加，请接着设置岗位。"))
            return redirect("console_department", opened.pk)
    context = {"values": values, "error": error}
    return render(request, "organisations/console/add_department.html", context, status=error.status if error else 200)


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "POST"])
def one_department(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """Change it, see its posts, add one."""
    department, error = queries.department(department_id), None
    values: dict[str, Any] = {name: getattr(department, name) for name in DEPARTMENT}
    if request.method == "POST":
        values = typed(request, DEPARTMENT)
        in_use = "is_active" in request.POST
        try:
            actions.change_department(actor=request.actor, department_id=department_id, is_active=in_use, **values)  # type: ignore[attr-defined]
        except OrganisationRefused as refusal:
            error = refusal
        else:
            messages.success(request, _("已保存。"))
            return redirect("console_department", department_id)
    return _department_page(request, department_id, values=values, error=error)


def _department_page(request: HttpRequest, department_id: UUID, **more: Any) -> HttpResponse:
    department = queries.department(department_id)
    context = {
        "department": department,
        "values": {name: getattr(department, name) for name in DEPARTMENT},
        "posts": queries.posts_of(department_id),
        "roles": queries.role_names(),
        "halls": queries.halls_of(department.division_id),
        **more,
    }
    refused = context.get("error") or context.get("post_error")
    status = refused.status if refused else 200
    return render(request, "organisations/console/department.html", context, status=status)


@audience(STAFF, MANAGE)
@require_POST
def add_post(request: HttpRequest, department_id: UUID) -> HttpResponse:
    post = typed(request, ("name", "role"))
    try:
        actions.add_post(actor=request.actor, department_id=department_id, **post)  # type: ignore[attr-defined]
    except OrganisationRefused as refusal:
        return _department_page(request, department_id, post_error=refusal, post=post)
    messages.success(request, _("岗位已增加。"))
    return redirect("console_department", department_id)


@audience(STAFF, MANAGE)
@require_POST
def switch_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Close a post or open it again."""
    in_use = request.POST.get("is_active") == "1"
    post = actions.set_post_in_use(actor=request.actor, post_id=post_id, is_active=in_use)  # type: ignore[attr-defined]
    messages.success(request, _("岗位已启用。") if in_use else _("岗位已停用，任职的人不再有它的权限。"))
    return redirect("console_department", post.department_id)


@audience(STAFF, MANAGE)
@require_POST
def place_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Say at which counter a post works."""
    post = actions.place_post(actor=request.actor, post_id=post_id, window_id=request.POST.get("window") or None)  # type: ignore[attr-defined]
    messages.success(request, _("已保存。"))
    return redirect("console_department", post.department_id)


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "POST"])
def add_hall(request: HttpRequest) -> HttpResponse:
    values, error = typed(request, HALL), None
    if request.method == "POST":
        try:
            hall = actions.add_hall(actor=request.actor, division=settings.CITY_DIVISION, **values)  # type: ignore[attr-defined]
        except OrganisationRefused as refusal:
            error = refusal
        else:
            messages.success(request, _("大厅已增加，请接着设置窗口。"))
            return redirect("console_hall", hall.pk)
    context = {"values": values, "error": error}
    return render(request, "organisations/console/hall.html", context, status=error.status if error else 200)


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "POST"])
def one_hall(request: HttpRequest, hall_id: UUID) -> HttpResponse:
    hall, error = queries.hall(hall_id), None
    values: dict[str, Any] = {name: getattr(hall, name) for name in HALL}
    if request.method == "POST":
        values = typed(request, HALL)
        in_use = "is_active" in request.POST
        try:
            actions.change_hall(actor=request.actor, hall_id=hall_id, is_active=in_use, **values)  # type: ignore[attr-defined]
        except OrganisationRefused as refusal:
            error = refusal
        else:
            messages.success(request, _("已保存。"))
            return redirect("console_hall", hall_id)
    context = {"hall": hall, "values": values, "error": error}
    return render(request, "organisations/console/hall.html", context, status=error.status if error else 200)


@audience(STAFF, MANAGE)
@require_POST
def add_window(request: HttpRequest, hall_id: UUID) -> HttpResponse:
    window = typed(request, ("number", "name"))
    try:
        actions.add_window(actor=request.actor, hall_id=hall_id, **window)  # type: ignore[attr-defined]
    except OrganisationRefused as refusal:
        hall = queries.hall(hall_id)
        values = {name: getattr(hall, name) for name in HALL}
        context = {"hall": hall, "values": values, "window_error": refusal, "window": window}
        return render(request, "organisations/console/hall.html", context, status=refusal.status)
    messages.success(request, _("窗口已增加。"))
    return redirect("console_hall", hall_id)


@audience(STAFF, MANAGE)
@require_POST
def remove_window(request: HttpRequest, hall_id: UUID, window_id: UUID) -> HttpResponse:
    actions.remove_window(actor=request.actor, hall_id=hall_id, window_id=window_id)  # type: ignore[attr-defined]
    messages.success(request, _("窗口已移除。"))
    return redirect("console_hall", hall_id)


urlpatterns = [
    path("console/organisations/", overview, name="console_organisations"),
    path("console/organisations/departments/add/", add_department, name="console_add_department"),
    path("console/organisations/departments/<uuid:department_id>/", one_department, name="console_department"),
    path("console/organisations/departments/<uuid:department_id>/posts/", add_post, name="console_add_post"),
    path("console/organisations/posts/<uuid:post_id>/", switch_post, name="console_switch_post"),
    path("console/organisations/posts/<uuid:post_id>/window/", place_post, name="console_place_post"),
    path("console/organisations/halls/add/", add_hall, name="console_add_hall"),
    path("console/organisations/halls/<uuid:hall_id>/", one_hall, name="console_hall"),
    path("console/organisations/halls/<uuid:hall_id>/windows/", add_window, name="console_add_window"),
    path(
        "console/organisations/halls/<uuid:hall_id>/windows/<uuid:window_id>/remove/",
        remove_window,
        name="console_remove_window",
    ),
]
