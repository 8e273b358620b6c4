"""Bringing together what a rule set asks for: each value with where it came from, how old it is, and when it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.services.decisions.gateways import Answer, asked
from tongban.services.decisions.models import Quota
from tongban.services.decisions.rules import REGISTERS

Earlier = Iterable[Mapping[str, Any]] | Callable[[], Iterable[Mapping[str, Any]]] | None
Found = dict[str, dict[str, Any]]


def gather(rules: Mapping[str, Any], application: Mapping[str, Any], on: date, earlier: Earlier = None) -> Found:
    """`{key: {"value", "source", "as_of", "asked_at"[, "fault"][, "own"]}}` for every input of the rules; `own` where a
    register was asked about the applicant himself, who may read the value.

    Inputs are asked in their order, for one may say whose register another asks. A register is asked once for each number.
    """
    found: Found = {}
    known: dict[tuple[str, str], Answer] = {}
    for one in rules["inputs"]:
        if one["source"] in REGISTERS:
            entry = _of_register(one, application, on, found, known)
        else:
            entry = _OWN[one["source"]](one, application, on, earlier)
        found[one["key"]] = {**entry, "asked_at": now().isoformat()}
    return found


def _of_register(
    one: Mapping[str, Any], application: Mapping[str, Any], on: date, found: Found, known: dict[Any, Answer]
) -> dict[str, Any]:
    number, own = _number_of(one, application, found), _own_number(application)
    if not number:
        return _without("missing")
    asked_of = (one["source"], number)
    if asked_of not in known:
        known[asked_of] = asked(*asked_of, on)
    answer = known[asked_of]
    if answer.fault:
        return _without(answer.fault)
    element, _dot, part = one["take"].partition(".")
    said = answer.values.get(element) or {}
    value = _at(said.get("value"), part) if part else said.get("value")
    if value is None:
        return _without("missing")
    entry = {"value": value, "source": said.get("source", ""), "as_of": said.get("as_of", "")}
    entry |= {"own": True} if number == own else {}
    return entry | {"fault": "stale"} if _is_stale(one, said, on) else entry


def _number_of(one: Mapping[str, Any], application: Mapping[str, Any], found: Found) -> str:
    of = one.get("of")
    if not of or of == "applicant_number":
        return _own_number(application)
    entry = found.get(of) or {}
    value = "" if entry.get("fault") else entry.get("value")
    return value.strip().upper() if isinstance(value, str) else ""


def _own_number(application: Mapping[str, Any]) -> str:
    return str(application["applicant"].get("number") or "").strip().upper()


def _is_stale(one: Mapping[str, Any], said: Mapping[str, Any], on: date) -> bool:
    """By the rule set's own measure; without one, as the register says of itself. What has no day cannot be called fresh."""
    days = one.get("fresh_days")
    if not days:
        return bool(said.get("stale"))
    try:
        return (on - date.fromisoformat(str(said.get("as_of") or ""))).days > days
    except ValueError:
        return True


def _without(fault: str) -> dict[str, Any]:
    return {"value": None, "source": "", "as_of": "", "fault": fault}


def _said(value: Any, source: str, on: date, otherwise: Any = None) -> dict[str, Any]:
    if value in (None, "", []) and otherwise is not None:
        value = otherwise
    return {"value": value, "source": source, "as_of": on.isoformat()} if value is not None else _without("missing")


def _at(values: Any, dotted: str) -> Any:
    for step in dotted.split("."):
        values = values.get(step) if isinstance(values, Mapping) else None
    return values


def _answer(one: Mapping[str, Any], application: Mapping[str, Any], on: date, _earlier: Earlier) -> dict[str, Any]:
    return _said(_at(application.get("answers") or {}, one["take"]), "申请表", on, one.get("otherwise"))


def _situation(one: Mapping[str, Any], application: Mapping[str, Any], on: date, _earlier: Earlier) -> dict[str, Any]:
    return _said(_at(application.get("situation") or {}, one["take"]), "办理情形", on, one.get("otherwise"))


def _applicant(one: Mapping[str, Any], application: Mapping[str, Any], on: date, _earlier: Earlier) -> dict[str, Any]:
    return _said(application["applicant"].get(one["take"]) or None, "实名账号", on)


def _quota(one: Mapping[str, Any], _application: Any, on: date, _earlier: Earlier) -> dict[str, Any]:
    """Places left now; the last one is only taken when the decision is committed."""
    row = Quota.objects.filter(pk=one["take"]).first()
    return _said(row.places - row.taken, "名额登记", on) if row else _without("missing")


def _history(one: Mapping[str, Any], _application: Any, on: date, earlier: Earlier) -> dict[str, Any]:
    """Of the applicant's earlier cases of the item: `open`, `granted`, `refused` (how many), `last_granted_on`."""
    if earlier is None:
        return _without("missing")
    cases = list(earlier() if callable(earlier) else earlier)
    counts = {
        "open": sum(1 for case in cases if case.get("is_open")),
        "granted": sum(1 for case in cases if case.get("result") in ("granted", "partly")),
        "refused": sum(1 for case in cases if case.get("result") == "refused"),
    }
    if one["take"] in counts:
        return _said(counts[one["take"]], "办件库", on)
    days = [_day(case.get("decided_at")) for case in cases if case.get("result") in ("granted", "partly")]
    return _said(max(filter(None, days), default="1900-01-01"), "办件库", on)


def _day(moment: Any) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(SHANGHAI).date().isoformat()
    return moment.isoformat() if isinstance(moment, date) else str(moment or "")


_OWN: dict[str, Callable[..., dict[str, Any]]] = {
    "answers": _answer,
    "situation": _situation,
    "applicant": _applicant,
    "quota": _quota,
    "earlier": _history,
}
