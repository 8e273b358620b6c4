"""How far gathering has come, the batches that were brought, their rows, and the files people take away."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.cells import inert
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.seals.queries import seal_for
from tongban.services.licences.models import Batch, BatchRow, Gathering, Licence
from tongban.services.licences.rules.gathering import STEPS
from tongban.services.licences.rules.states import DRAFT
from tongban.services.licences.rules.tables import NEEDED, headings_of

from .gathering_words import DROPPED, labels_of, row_sentence
from .types import type_in_force
from .words import STATES

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.kernel.actors import Actor
    from tongban.services.licences.models import LicenceType

GATHER, MANAGE = "licences.gather", "licences.manage"
LIVE = (Licence.Source.CASE, Licence.Source.SYSTEM)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _seen(actor: Actor) -> QuerySet[Gathering]:
    """What those who gather and those who confirm work on: their department's."""
    verbs = [verb for verb in (GATHER, MANAGE) if may(actor, verb, department_id=actor.department_id)]
    if not verbs:
        raise NotAllowed(verb=GATHER)
    return Gathering.objects.filter(department_id=actor.department_id)


def gatherings_of(actor: Actor) -> list[Gathering]:
    """The types the actor's department gathers, each with how many licences came of it. One query."""
    came = Count("batches__rows", filter=Q(batches__rows__state__in=["kept", "flagged"]))
    held = Count("batches__rows", filter=Q(batches__rows__state="held"))
    return list(_seen(actor).annotate(came=came, held=held).order_by("type_name"))


def gathering_for(actor: Actor, gathering_id: UUID | str, *, lock: bool = False) -> Gathering:
    rows = _seen(actor)
    return find(rows.select_for_update() if lock else rows, pk=gathering_id)


def standing_of_gathering(gathering: Gathering) -> dict[str, Any]:
    """What the steps are judged by: whether there is a seal, how many came by table, how many come live. Three queries."""
    own = Licence.objects.filter(issuer_id=gathering.department_id, type_code=gathering.type_code)
    return {
        "has_seal": seal_for(gathering.department_id, "licence") is not None,
        "gathered": own.filter(source=Licence.Source.BACKFILL).count(),
        "live": own.filter(source__in=LIVE).count(),
    }


def steps_of(gathering: Gathering) -> list[dict[str, Any]]:
    """Each step with who did it and when, and the one that is next."""
    steps = [{"key": key, "done": gathering.steps.get(key)} for key in STEPS]
    following = next((step for step in steps if not step["done"]), None)
    return [step | {"next": step is following} for step in steps]


def batches_of(gathering: Gathering, size: int = 30) -> list[Batch]:
    """The tables brought lately, newest first, each with its counts. One query."""
    counts = {
        state: Count("rows", filter=Q(rows__state=state))
        for state in ("waiting", "kept", "flagged", "held", "same", "dropped")
    }
    return list(gathering.batches.annotate(**counts)[:size])


def batch_for(actor: Actor, batch_id: UUID | str, *, lock: bool = False) -> Batch:
    rows = Batch.objects.filter(gathering__in=_seen(actor)).select_related("gathering")
    return find(rows.select_for_update(of=("self",)) if lock else rows, pk=batch_id)


def drafts_of_batch(batch: Batch) -> QuerySet[BatchRow]:
    """The rows whose licences wait for their issuer."""
    return batch.rows.filter(licence__state=DRAFT, state__in=["kept", "flagged"])


def batches_waiting(actor: Actor) -> list[Batch]:
    """Batches that the actor may confirm: his department's, brought by somebody else, with something that waits. One query."""
    if not may(actor, MANAGE, department_id=actor.department_id):
        return []
    waits = BatchRow.objects.filter(batch=OuterRef("pk"), licence__state=DRAFT, state__in=["kept", "flagged"])
    rows = Batch.objects.filter(Exists(waits), gathering__department_id=actor.department_id, state=Batch.State.DONE)
    return [row for row in rows.select_related("gathering").order_by("id") if row.brought_by not in actor.names]


def row_counts(batch: Batch) -> dict[str, Any]:
    """How many rows came to what, how many licences still wait for their issuer, and in which state those will be. Two queries."""
    counted = dict(batch.rows.order_by().values_list("state").annotate(count=Count("id")))
    counts = {state: counted.get(state, 0) for state in BatchRow.State.values}
    drafts, becoming = {"kept": 0, "flagged": 0}, Counter[str]()
    for state, becomes, count in (
        drafts_of_batch(batch).order_by().values_list("state", "becomes").annotate(count=Count("id"))
    ):
        drafts[state] += count
        becoming[becomes] += count
    return counts | {
        "to_confirm": drafts["kept"], "to_confirm_flagged": drafts["flagged"],
        "becoming": [(word, becoming[state]) for state, word in STATES.items() if becoming[state]],
    }  # fmt: skip


def rows_of(batch: Batch, state: str = "", cursor: str = "", size: int = 50) -> Page:
    """Rows in the order of the file; those in one state when it is named."""
    rows = batch.rows.select_related("licence").defer("licence__record", "licence__signatures")
    return page_of(rows.filter(state=state) if state else rows, order=["line"], cursor=cursor, size=size)


def row_for(actor: Actor, batch_id: UUID | str, line: int, *, lock: bool = False) -> BatchRow:
    """One row of a batch of the actor's department. Locked after its batch, as everybody does."""
    batch = batch_for(actor, batch_id, lock=lock)
    rows = BatchRow.objects.filter(batch=batch).select_related("batch__gathering", "licence")
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(line=line).first()
    if row is None:
        raise NotFound
    return row


def may_be_dropped(row: BatchRow) -> bool:
    """Whether a row may still be thrown out: it waits to be put right, or its licence for its issuer."""
    waits = row.licence is not None and row.licence.state == DRAFT and row.state in ("kept", "flagged")
    return (waits or row.state == BatchRow.State.HELD) and row.batch.state == Batch.State.DONE


def type_of(gathering: Gathering) -> LicenceType:
    return type_in_force(gathering.type_code)


def texts_of(row: BatchRow) -> dict[str, str]:
    """What stands in each known column of a row: as it came, or as it was corrected."""
    return {key: text for _heading, key, text, _odd in row.raw if key} | row.corrected


def sentences_of(row: BatchRow, labels: dict[str, str]) -> list[tuple[str, bool]]:
    """Each finding of a row in words, with whether it keeps the row out; those first."""
    told = [(sentence, bool(flag["stop"])) for flag, sentence in told_of(row, labels)]
    dropped = [(str(DROPPED) % {"why": row.dropped_why}, True)] if row.state == BatchRow.State.DROPPED else []
    return dropped + sorted(told, key=lambda pair: not pair[1])


def told_of(row: BatchRow, labels: dict[str, str]) -> list[tuple[dict[str, Any], str]]:
    """Each finding with its sentence, as found."""
    texts = texts_of(row)
    return [(flag, row_sentence(flag, labels, texts)) for flag in row.flags]


def template_of(kind: LicenceType) -> bytes:
    """An empty table for a type: its headings, and beside it how to fill it in."""
    fields = kind.content["fields"]
    book = Workbook()
    sheet, told = book.worksheets[0], book.create_sheet("填写说明")
    sheet.title = kind.name[:31]
    wanted = {*NEEDED, *(row["key"] for row in fields if row.get("required"))}
    for place, (key, heading) in enumerate(headings_of(fields), start=1):
        sheet.cell(1, place, heading)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(14, len(heading) * 2 + 4)
        sheet.column_dimensions[letter].number_format = "@"  # so that long numbers stay whole
        told.append([heading, "必填" if key in wanted else "选填", _told(key, fields)])
    sheet.freeze_panes = "A2"
    told.column_dimensions["A"].width, told.column_dimensions["C"].width = 22, 70
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _told(key: str, fields: list[dict[str, Any]]) -> str:
    own = next((row for row in fields if row["key"] == key), None)
    if own is None:
        return {
            "holder_number": "18位公民身份号码或统一社会信用代码，按文本填写", "issued_on": "写成2020-01-31的样子",
            "valid_from": "不填就是颁发日期", "valid_until": "写成2025-01-30的样子；没有期限的写“长期”",
            "state": "有效、暂扣、注销、吊销、撤销、过期、遗失作废；不填就是有效",
            "identifier": "已有电子证照标识的填写，没有的不填", "scan": "扫描件的文件名；不填就按证照编号找",
        }.get(key, "")  # fmt: skip
    if own.get("codes"):
        return "可以填：" + "、".join(own["codes"].values())
    return {"date": "写成2020-01-31的样子", "number": "数字"}.get(
        own.get("type", ""), f"最多{own.get('max') or 200}个字"
    )


def report_of(batch: Batch) -> bytes:
    """Every row with what became of it and why, and the cells as they stand now: to read, to mend and to send again."""
    kind = type_of(batch.gathering)
    labels = labels_of(kind.content["fields"])
    book = Workbook(write_only=True)
    sheet = book.create_sheet("逐行结果")
    headings = _headings(batch, labels)
    sheet.append(["行号", "结果", "说明", *(inert(heading) for heading, _key in headings)])
    rows = batch.rows.order_by("line")
    for row in rows.iterator(chunk_size=500):
        told = "\n".join(text for text, _stop in sentences_of(row, labels))
        came, texts = {heading: text for heading, _key, text, _odd in row.raw}, texts_of(row)
        cells = [texts.get(key, "") if key else came.get(heading, "") for heading, key in headings]
        sheet.append([row.line, row.get_state_display(), told, *(inert(cell) for cell in cells)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _headings(batch: Batch, labels: dict[str, str]) -> list[tuple[str, str]]:
    """(heading, key) of every column that any row of the batch has, in the order of the file."""
    found: dict[tuple[str, str], None] = {}
    for row in batch.rows.only("raw", "corrected", "batch_id").order_by("line").iterator(chunk_size=500):
        found |= {(heading, key): None for heading, key, _text, _odd in row.raw if key != "line"}
        known = {key for _heading, key in found}
        found |= {(labels[key], key): None for key in row.corrected if key not in known}
    return list(found)
