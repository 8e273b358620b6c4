"""What time does to cases: silence, lapsed corrections, broken promises, lamps. Each may run twice harmlessly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import TongbanError
from tongban.services.cases.models import Case, CaseMaterial, Correction
from tongban.services.cases.rules import silence_means_accepted

from .correction import lapse
from .first_answer import accept_by_silence
from .turn import Outcome, light, locked, note_event

CLOCKWORK = installer("cases.accept", "cases.correct", "cases.see")
log = structlog.get_logger(__name__)

# The lamp follows from stored days. A case that waits for its applicant has no running clock; a suspended one keeps its lamp
# until the time it was told is over; a late step is a fault.
WANTED = """
select c.id,
    (array['green', 'warn', 'yellow', 'red'])[greatest(
        array_position(lamps.l, c.lamp_floor::text),
        case
            when c.state = 'correction' then 1
            when c.state = 'suspended' then
                case when c.urgent_on < %(today)s then 3 else array_position(lamps.l, c.lamp::text) end
            when %(today)s >= c.red_on then 4
            when %(today)s >= c.yellow_on then 3
            when %(today)s >= c.warn_on then 2
            else 1
        end,
        case when exists (
            select from cases_casestep s where s.case_id = c.id and s.state = 'todo' and s.due_on < %(today)s
        ) and c.state <> 'suspended' then 3 else 1 end
    )] as shown, c.lamp
from {cases} c, (select array['green', 'warn', 'yellow', 'red'] as l) lamps
"""
TO_CHANGE = "select id from (WANTED where c.is_open) wanted where shown <> lamp order by id".replace(
    "WANTED", WANTED.format(cases="cases_case")
)
# The night changes a million of them: a part at a time, so that nobody waits, and without those that somebody has in hand.
CHANGE = """
with held as (
    select * from cases_case where id = any(%(ids)s) and is_open for update skip locked
), wanted as (WANTED)
update cases_case c set lamp = wanted.shown from wanted where wanted.id = c.id and wanted.shown <> wanted.lamp
""".replace("WANTED", WANTED.format(cases="held"))
PART, ROUNDS = 500, 3


def refresh_lamps(on: date | None = None) -> int:
    """Set the lamp of every open case to what it is today; how many changed. Parts of their own; what was in hand is tried again."""
    changed, day = 0, on or today()
    for _round in range(ROUNDS):
        with connection.cursor() as cursor:
            cursor.execute(TO_CHANGE, {"today": day})
            ids = [row[0] for row in cursor.fetchall()]
            for first in range(0, len(ids), PART):
                cursor.execute(CHANGE, {"today": day, "ids": ids[first : first + PART]})
                changed += cursor.rowcount
        if not ids:
            break
    return changed


def _each(ids: Iterable[UUID], act: Callable[[UUID], object]) -> int:
    """One transaction a case: one that cannot be done does not hold up the others, and is told to the operators."""
    done = 0
    for case_id in list(ids):
        try:
            act(case_id)
            done += 1
        except TongbanError as refusal:
            log.warning("cases.periodic_refused", case=str(case_id), code=refusal.code)
    return done


def accept_unanswered() -> int:
    """Silence is acceptance: every case whose last day to answer has passed. How many."""
    on = today()
    waiting = Case.objects.filter(is_open=True, state__in=["submitted", "received"], answer_due_on__lt=on)
    rows = waiting.values_list("pk", "state", "answer_due_on")
    ids = [pk for pk, state, due in rows if silence_means_accepted(state, due, on)]
    return _each(ids, lambda case_id: accept_by_silence(actor=CLOCKWORK, case_id=case_id))


def lapse_corrections() -> int:
    """Corrections whose day has passed. How many."""
    late = Correction.objects.filter(supplied_at=None, lapsed_at=None, due_on__lt=today(), case__state="correction")
    return _each(late.values_list("case_id", flat=True), lambda case_id: lapse(actor=CLOCKWORK, case_id=case_id))


def note_broken_promises() -> int:
    """容缺 materials that did not come by their day: written down once, and the case lights yellow. How many."""
    late = CaseMaterial.objects.filter(way="4", supplied_at=None, promised_on__lt=today(), case__is_open=True)
    return _each(late.values_list("pk", flat=True), _note_broken)


@transaction.atomic
def _note_broken(material_id: UUID) -> None:
    material = CaseMaterial.objects.get(pk=material_id)
    case = locked(material.case_id)
    if case.events.filter(verb="promise_broken", note=material.name).exists():
        return
    light(case, "yellow", _("承诺后补的材料逾期未补"))
    case.lamp = "yellow" if case.lamp in ("green", "warn") else case.lamp
    case.save(update_fields=["lamp", "lamp_floor", "lamp_note"])
    note_event(case, CLOCKWORK, "promise_broken", now(), Outcome(note=material.name))
    record("cases.promise_broken", actor=CLOCKWORK, subject=case, data={"material": material.key})
