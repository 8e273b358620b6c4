"""The catalogue as files: the template, a department's part, the three lists."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from tongban.data.catalogue.models import Demand, Entry, Version
from tongban.data.catalogue.rules import lifecycle
from tongban.data.catalogue.rules.content import REFUSED
from tongban.data.catalogue.rules.sheets import SHEETS, sheet_lines
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.cells import FORMULA, inert

from .entries import WRITE, permit_reading, published_entries
from .lists import of_department
from .tables import value_tables

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Sheets = Mapping[str, Iterable[list[str]]]


def template_file() -> bytes:
    """The three sheets with their headings, to be filled in; what may be chosen stands on a fourth."""
    tables = value_tables()
    sheets: dict[str, Iterable[list[str]]] = {
        name: sheet_lines(kind, [], tables) for name, (kind, _own) in SHEETS.items()
    }
    sheets["可选的值"] = ([key, name] for key, table in tables.items() if key != "limit" for name in table.values())
    return workbook(sheets)


def department_file(actor: Actor, form: str) -> bytes:
    """All of one's department as it stands, drafts before what is published; `form` is xlsx or zip (of three CSV)."""
    permit(actor, WRITE, department_id=actor.department_id)
    sheets = _sheets_of(actor)
    if form == "xlsx":
        return workbook(sheets)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in sheets.items():
            archive.writestr(f"{name}.csv", separated(lines))
    return packed.getvalue()


def _sheets_of(actor: Actor) -> Sheets:
    entries = Entry.objects.filter(department_id=actor.department_id).exclude(life=lifecycle.DELETED)
    versions = Version.objects.filter(entry__in=entries).exclude(status=Version.Status.DROPPED)
    newest = {one.entry_id: one for one in versions.select_related("entry").order_by("number")}
    held = sorted(newest.values(), key=lambda one: (one.entry.code or "~", one.entry.name))
    rows: dict[str, list[tuple[dict[str, str], dict[str, Any]]]] = {kind: [] for kind, _own in SHEETS.values()}
    for version in held:
        content = version.content
        rows[version.entry.kind].append(({"code": version.entry.code if version.entry.published_id else ""}, content))
        rows["item"] += [({"resource": content["name"], "key": item["key"]}, item) for item in content.get("items", [])]
    tables = value_tables()
    return {name: sheet_lines(kind, rows[kind], tables) for name, (kind, _own) in SHEETS.items()}


def workbook(sheets: Sheets) -> bytes:
    """Sheets of text; nothing in them is a formula."""
    book, bold = Workbook(write_only=True), Font(bold=True)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, line in enumerate(lines):
            sheet.append([_cell(sheet, text, bold if number == 0 else None) for text in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, font: Font | None) -> Any:
    if font is None and not text.startswith(FORMULA):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell


def separated(lines: Iterable[list[str]]) -> bytes:
    """As UTF-8 with a mark, so that spreadsheets know it; a text that looks like a formula gets an apostrophe before it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([inert(text) for text in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def list_file(actor: Actor, kind: str, form: str, *, department: str = "") -> bytes:
    """One of the three lists, whole."""
    permit_reading(actor)
    lines = {"duty": _duty_lines, "no-share": _no_share_lines, "demand": _demand_lines}[kind](department)
    return workbook({_("清单"): lines}) if form == "xlsx" else separated(lines)


def _resources(department: str, **which: Any) -> Iterator[Entry]:
    rows = of_department(published_entries().filter(kind=Entry.Kind.RESOURCE, **which), department)
    yield from rows.select_related("department", "published").order_by("code").iterator(chunk_size=500)


def _duty_lines(department: str) -> Iterator[list[str]]:
    cycles = value_tables()["cycle"]
    yield [_("提供部门"), _("资源代码"), _("资源名称"), _("责任处室"), _("责任岗位"), _("更新周期"), _("质量要求")]
    for one in _resources(department):
        said = one.published.content if one.published else {}
        yield [
            one.department.short_name,
            one.code,
            one.name,
            said["unit"],
            said["post"],
            cycles.get(one.cycle, one.cycle),
            said["quality"],
        ]


def _no_share_lines(department: str) -> Iterator[list[str]]:
    grounds = value_tables()["share_ground"]
    yield [_("提供部门"), _("资源代码"), _("资源名称"), _("依据"), _("条款"), _("下次复核日期")]
    for one in _resources(department, share_type=REFUSED):
        said = one.published.content if one.published else {}
        kind = grounds.get(said["share_ground_kind"], "")
        yield [one.department.short_name, one.code, one.name, kind, said["share_ground"], said["share_review_on"]]


def _demand_lines(department: str) -> Iterator[list[str]]:
    cycles = value_tables()["cycle"]
    yield [
        _("需求部门"),
        _("需要什么"),
        _("用在哪里"),
        _("数据项"),
        _("法律依据"),
        _("更新频率"),
        _("最晚日期"),
        _("情况"),
        _("资源代码"),
    ]
    rows = of_department(Demand.objects.all(), department).select_related("department", "resource")
    for one in rows.order_by("-id").iterator(chunk_size=500):
        yield [
            one.department.short_name, one.title, one.use, one.fields, one.basis, cycles.get(one.cycle, one.cycle),
            one.needed_on.isoformat(), str(one.get_state_display()), one.resource.code if one.resource else "",
        ]  # fmt: skip
