"""A department's catalogue as files: the template, all of it out, files in with everything wrong told before anything is made."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.data.catalogue.actions import drop_intake, put_in, take_in
from tongban.data.catalogue.errors import FileUnusable
from tongban.data.catalogue.models import Intake
from tongban.data.catalogue.queries.entries import WRITE
from tongban.data.catalogue.queries.files import MEDIA_TYPES, department_file, template_file
from tongban.data.catalogue.queries.intakes import faults_told, intake_for, intakes_of
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.errors import Conflict
from tongban.foundation.kernel.pages import STAFF, audience

from .lists import file_answer

SHOWN = 200  # faults and rows on the page


@audience(STAFF, WRITE)
@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    return _exchange(request)


def _exchange(request: HttpRequest, error: FileUnusable | None = None) -> HttpResponse:
    brought = intakes_of(request.actor)  # type: ignore[attr-defined]
    context = {"intakes": brought, "names": staff_names(one.made_by for one in brought if one.made_by), "error": error}
    return render(request, "catalogue/exchange.html", context, status=error.status if error else 200)


@audience(STAFF, WRITE)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return file_answer(template_file(), f"{_('数据目录模板')}.xlsx", MEDIA_TYPES["xlsx"])


@audience(STAFF, WRITE)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything of one's department: a workbook, or three separated texts in an archive."""
    form = "zip" if request.GET.get("format") == "csv" else "xlsx"
    data = department_file(request.actor, form)  # type: ignore[attr-defined]
    return file_answer(data, f"{_('本部门数据目录')}.{form}", MEDIA_TYPES.get(form, "application/zip"))


@audience(STAFF, WRITE)
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    files = [(upload.name or "", upload) for upload in request.FILES.getlist("file")]
    if not files:
        messages.error(request, _("请先选一个文件。"))
        return redirect("console-catalogue-exchange")
    try:
        intake = take_in(actor=request.actor, files=files)  # type: ignore[attr-defined]
    except FileUnusable as error:
        return _exchange(request, error)
    return redirect("console-catalogue-intake", intake.pk)


@audience(STAFF, WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """What a file would do; then it is put in, or dropped."""
    actor = request.actor  # type: ignore[attr-defined]
    found = intake_for(actor, intake_id)
    if request.method == "POST":
        return _answered(request, found)
    context = {
        "intake": found,
        "faults": faults_told(found)[:SHOWN],
        "more": max(0, found.counts.get("faults", 0) - SHOWN),
        "rows": [row for row in found.rows if row["outcome"] != "same"][:SHOWN],
    }
    return render(request, "catalogue/intake.html", context)


def _answered(request: HttpRequest, found: Intake) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        if request.POST.get("act") == "drop":
            drop_intake(actor=actor, intake_id=found.pk)
            messages.success(request, _("已放弃这个文件，什么也没有导入。"))
        else:
            put_in(actor=actor, intake_id=found.pk)
            messages.success(request, _("已写成草稿。请逐份看过再送审。"))
            return redirect("console-catalogue-mine")
    except Conflict:
        messages.error(request, _("这个文件现在不能导入：它已经处理过，或者其中的条目正在审核。"))
    return redirect("console-catalogue-exchange")


urlpatterns = [
    path("console/catalogue/exchange/", exchange, name="console-catalogue-exchange"),
    path("console/catalogue/exchange/template/", template, name="console-catalogue-template"),
    path("console/catalogue/exchange/export/", export, name="console-catalogue-export"),
    path("console/catalogue/exchange/import/", bring, name="console-catalogue-bring"),
    path("console/catalogue/exchange/<uuid:intake_id>/", intake, name="console-catalogue-intake"),
]
