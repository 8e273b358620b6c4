"""Whether answers are right, asked with what the city's registers know."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext

from tongban.foundation.files import queries as stored_files
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today as china_today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.organisations import queries as organisations
from tongban.services.forms import rules
from tongban.services.forms.errors import AnswersRefused


def sentence(fault: rules.Fault) -> str:
    """The fault in the reader's language."""
    return fault.say(gettext)


def reasons_of(faults: list[rules.Fault]) -> list[Reason]:
    """Faults as the reasons of a refusal, each beside its field."""
    return [Reason(fault.code, sentence(fault), fault.path) for fault in faults]


def refusal_of(faults: list[Any]) -> AnswersRefused | None:
    """The refusal to raise or to show above the form, of faults or of reasons; None when nothing is wrong."""
    reasons = [f if isinstance(f, Reason) else reasons_of([f])[0] for f in faults]
    return AnswersRefused(reasons=reasons) if reasons else None


def _known(form: dict[str, Any], answers: dict[str, Any], actor: Actor | None) -> rules.Known:
    """What the registers know of the places and files these answers name: at most one query for each."""
    places = [v.get("division") for v in rules.mentioned(form, answers, "address") if isinstance(v, dict)]
    files = [v for v in rules.mentioned(form, answers, "file", "signature") if isinstance(v, str)]
    names = organisations.known_divisions(p for p in places if isinstance(p, str))
    seen = stored_files.seen_by(actor, files) if actor is not None and files else None
    return rules.Known(division=names.__contains__, file=seen.__contains__ if seen is not None else None)


def settle(
    form: dict[str, Any],
    answers: dict[str, Any],
    context: dict[str, Any],
    *,
    today: date | None = None,
    actor: Actor | None = None,
) -> rules.Settled:
    """Answers that may be kept (tidied, hidden ones dropped, computed ones filled in) and every fault.

    `context` holds `situation` (answers of the tree) and `applicant` (`{"kind": "person" | "company"}`). With `actor`, a file
    he may not see is a fault.
    """
    return rules.settle(form, answers, context, today or china_today(), _known(form, answers, actor))


def check(
    form: dict[str, Any], answers: dict[str, Any], context: dict[str, Any], today: date | None = None
) -> list[rules.Fault]:
    """Every fault of these answers, in the order of the form."""
    return settle(form, answers, context, today=today).faults
