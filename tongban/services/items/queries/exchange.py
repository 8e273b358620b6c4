"""What may be exported, and files that were brought to be imported."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _
from openpyxl import Workbook

from tongban.foundation.kernel.actors import Scope
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.items.errors import FINDINGS, ExportRefused
from tongban.services.items.models import ImportBatch, ImportRow, ItemVersion
from tongban.services.items.rules.defaults import complete
from tongban.services.items.rules.exchange import TooLongForCell, book_of, json_of, same
from tongban.services.items.rules.exchange.cells import Words, shown
from tongban.services.items.rules.listed import name_key

from .basic import seen_departments
from .import_words import EXPORT_FAULTS, FILE_FAULTS, FILE_NOTES, ROW_REMARKS
from .items import code_tables, in_force_items

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.kernel.actors import Actor

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}


@dataclass(frozen=True)
class ExportFilters:
    """Which items to export; empty means all the actor may see."""

    text: str = ""
    task_type: str = ""
    department: str = ""
    codes: tuple[str, ...] = ()


def exportable(actor: Actor, filters: ExportFilters) -> list[ItemVersion]:
    """Versions in force that fit, of the departments whose items the actor may see. Two queries."""
    own = seen_departments(actor)
    wanted = name_key(filters.text)
    return [
        version
        for version in in_force_items()
        if (own is None or version.item.department_id == own)
        and (not filters.codes or version.item.code in filters.codes)
        and (not filters.task_type or version.content["task_type"] == filters.task_type)
        and (not filters.department or version.item.department.short_name == filters.department)
        and (not wanted or wanted in name_key(version.content["task_name"]) or wanted in version.item.code)
    ]


def exported(actor: Actor, filters: ExportFilters, kind: str) -> bytes:
    """The chosen items as a workbook or as JSON. `ExportRefused` when there is none, or a cell cannot hold an element."""
    items = [complete(version.content) for version in exportable(actor, filters)]
    if not items:
        raise ExportRefused(reasons=[Reason("nothing", EXPORT_FAULTS["nothing"])])
    if kind == "json":
        return json_of(items)
    try:
        return book_of(items, words())
    except TooLongForCell as fault:
        raise ExportRefused(reasons=[Reason("too_long", str(EXPORT_FAULTS["too_long"]) % vars(fault))]) from None


def blank_template() -> bytes:
    """An empty workbook with every heading."""
    return book_of([], words())


def words() -> Words:
    """The code tables as they hold today, for reading and writing sheets."""
    return Words(code_tables())


def _batches(actor: Actor) -> QuerySet[ImportBatch]:
    scope = actor.scope("items.manage")
    if scope is None:
        raise NotAllowed(verb="items.manage")
    rows = ImportBatch.objects.select_related("department")
    return rows if scope >= Scope.DIVISION else rows.filter(department=actor.department_id)


def import_batch(actor: Actor, batch_id: UUID | str) -> ImportBatch:
    """One file brought by the actor's department."""
    return find(_batches(actor), pk=batch_id)


def import_batches(actor: Actor, size: int = 20) -> list[ImportBatch]:
    """The latest files, newest first."""
    return list(_batches(actor).order_by("-made_at")[:size])


def import_rows(batch: ImportBatch, outcome: str = "", cursor: str = "", size: int = 50) -> Page:
    """Rows of a file in its order, without their content; those of one outcome when one is named."""
    rows = ImportRow.objects.filter(batch=batch).defer("content")
    return page_of(rows.filter(outcome=outcome) if outcome else rows, order=["position"], cursor=cursor, size=size)


def import_counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows come to what; one query."""
    counted = dict(batch.rows.values_list("outcome").annotate(count=Count("id")))
    return {outcome: counted.get(outcome, 0) for outcome in ImportRow.Outcome.values}


def remark_text(remark: Mapping[str, Any]) -> str:
    """A remark on a row in words, with its ground."""
    if remark["code"] in ROW_REMARKS:
        return str(ROW_REMARKS[remark["code"]]) % remark
    words = listed(remark.get("words", ()))
    text = str(FINDINGS[remark["code"]]) % (
        {"words": words, "word": remark.get("word", words)} | dict(remark.get("values", {}))
    )
    return f"{text}（{remark['ground']}）" if remark.get("ground") else text


def file_notes(batch: ImportBatch) -> list[str]:
    """What is told of a file as a whole, in words."""
    return [_note(note) for note in batch.notes]


def own_remarks(batch: ImportBatch, row: ImportRow) -> list[dict[str, Any]]:
    """What is said of this row and not of most rows alike; what keeps it out comes first."""
    repeated = {note["same"] for note in batch.notes if note["code"] == "repeated"}
    own = [remark for remark in row.remarks if remark["stop"] or same(remark) not in repeated]
    return sorted(own, key=lambda remark: not remark["stop"])


def _note(note: Mapping[str, Any]) -> str:
    if "text" in note:
        return str(note["text"])
    if note["code"] == "repeated":
        return _("%(count)s行：%(text)s") % {"count": note["count"], "text": remark_text(note["remark"])}
    if note["code"] in FILE_NOTES:
        return str(FILE_NOTES[note["code"]]) % {**note, "places": listed(note["places"])}
    return str(FILE_FAULTS[note["code"]]) % note


def report_of(batch: ImportBatch) -> bytes:
    """The report as a workbook: each row of the file with what becomes of it, and each remark beside the cell it is about."""
    book = Workbook(write_only=True)
    rows, remarks = book.create_sheet("逐行结果"), book.create_sheet("问题和提示")
    rows.append(["序号", "位置", "事项", "代码", "结果", "变化", "不能导入的原因", "提示"])
    remarks.append(["序号", "事项", "位置", "轻重", "说明"])
    for row in batch.rows.order_by("position").defer("content").iterator(chunk_size=500):
        told = [(remark["place"], remark["stop"], remark_text(remark)) for remark in row.remarks]
        why = "\n".join(f"{place}：{text}" for place, stop, text in told if stop)
        hints = "\n".join(f"{place}：{text}" for place, stop, text in told if not stop)
        cells = [
            row.position,
            row.place,
            row.name,
            row.code,
            row.get_outcome_display(),
            row.changes,
            why[:30_000],
            hints[:30_000],
        ]
        rows.append([shown(cell) for cell in cells])
        for place, stop, text in told:
            level = "不能导入" if stop else "提示"
            remarks.append([shown(cell) for cell in (row.position, row.name, place, level, text)])
    if batch.notes:
        notes = book.create_sheet("文件说明")
        for note in file_notes(batch):
            notes.append([shown(note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
