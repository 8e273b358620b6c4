"""智能审批: rules look at an application before any person does. Nothing is written here; the caller commits what was found."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import close
from tongban.services.decisions.queries.gathering import Earlier, gather
from tongban.services.decisions.queries.in_force import Standing, standing_rules
from tongban.services.decisions.queries.weighing import digest_of, may_refuse, weighed_snapshot
from tongban.services.decisions.queries.words import told
from tongban.services.decisions.rules import GRANT, REGISTERS, TOO_SLOW, Weighed, engine

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """What the rules say of an application.

    `outcome` is `grant`, `person` or `refuse`; `reasons` a list of {row, article, sentence} for the person; `row` the row
    of `decisions_decided` without its case, for `decisions_record(row, case_id)` in the caller's statement; `looked` the
    registers that were asked, for the caller's fact.
    """

    outcome: str
    reasons: list[dict[str, str]]
    rule_set_id: UUID
    snapshot: dict[str, Any]
    row: dict[str, Any]
    looked: tuple[str, ...]


def consider(
    item_code: str,
    content: Mapping[str, Any],
    application: Mapping[str, Any],
    earlier: Earlier = None,
    *,
    stamp: int | None = None,
) -> Verdict | None:
    """Let the item's rules look at an application; None when it has none in force or is halted. Writes nothing, never raises.

    `content` is the item's definition in force, `application` {"answers", "situation", "applicant": {"kind", "number",
    "name", "id"}, "on"}, `earlier` the applicant's earlier cases of the item ({result, is_open, decided_at}), or what
    fetches them. `stamp`: of the catalogue, when the caller's statement checks it. Whatever goes wrong, a person decides.
    """
    on = application.get("on") or today()
    try:
        standing = standing_rules(item_code, on, stamp)
        return None if standing is None else _considered(standing, content, application, on, earlier)
    except Exception:  # nobody's application is lost to a fault of the rules: it is logged, and a person decides
        log.exception("an application could not be considered", extra={"item": item_code})
        return None


def _considered(
    standing: Standing, content: Mapping[str, Any], application: Mapping[str, Any], on: date, earlier: Earlier
) -> Verdict:
    began = perf_counter()
    values = gather(standing.content, application, on, earlier)
    snapshot = {"today": on.isoformat(), "values": values, "refusal_allowed": may_refuse(standing.content, content)}
    weighed = weighed_snapshot(standing.content, snapshot)
    took_ms = int((perf_counter() - began) * 1000)
    if took_ms > settings.DECISION_LIMIT_MS:
        snapshot["doubts"] = [TOO_SLOW]
        weighed = weighed_snapshot(standing.content, snapshot)
    row = _row(standing, application, snapshot, weighed, took_ms)
    looked = tuple(sorted({one["source"] for one in standing.content["inputs"]} & REGISTERS))
    return Verdict(weighed.outcome, told(row["grounds"]), standing.rule_set_id, snapshot, row, looked)


def _row(
    standing: Standing, application: Mapping[str, Any], snapshot: dict[str, Any], weighed: Weighed, took_ms: int
) -> dict[str, Any]:
    quota = next((one["take"] for one in standing.content["inputs"] if one["source"] == "quota"), "")
    return {
        "id": uuid7(),
        "item_code": standing.item_code,
        "rule_set_id": standing.rule_set_id,
        "department_id": standing.department_id,
        "division": standing.division,
        "applicant_id": application["applicant"].get("id"),
        "outcome": weighed.outcome,
        "grounds": [ground.as_data() for ground in weighed.grounds],
        "trail": [list(step) for step in weighed.trail],
        "snapshot": close(json.dumps(snapshot, ensure_ascii=False)),
        "engine": engine(),
        "digest": digest_of(standing.digest, snapshot, weighed),
        "quota_key": quota if weighed.outcome == GRANT else "",
        "took_ms": took_ms,
        "decided_at": now(),
    }
