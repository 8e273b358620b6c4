"""What a rule may ask, and how findings become a score (GB/T 36344: standards §17.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

SEVERITIES: Mapping[str, int] = {"error": 3, "warning": 2, "note": 1}  # how much a rule weighs
DIMENSIONS = ("norm", "complete", "accurate", "consistent", "timely", "accessible")
# Kind → the dimension it usually speaks of, and how many columns it is about (least, most).
KINDS: Mapping[str, tuple[str, int, int]] = {
    "not_null": ("complete", 1, 20),
    "format": ("norm", 1, 1),
    "length": ("norm", 1, 1),
    "codes": ("norm", 1, 1),
    "check_digit": ("accurate", 1, 1),
    "range": ("accurate", 1, 1),
    "unique": ("consistent", 1, 5),
    "reference": ("consistent", 1, 1),
    "compare": ("consistent", 2, 2),
    "id_birth": ("consistent", 2, 2),
    "id_sex": ("consistent", 2, 2),
    "needs": ("complete", 2, 2),
    "cross_source": ("consistent", 2, 2),
    "fresh": ("timely", 0, 0),
    "swing": ("accessible", 0, 0),
}
OF_DATASETS = frozenset({"fresh", "swing"})  # asked of the dataset, not of its rows
# What else a kind needs; each name is a field of its spec.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "format": ("pattern",),
    "codes": ("code_set",),
    "check_digit": ("digits",),
    "reference": ("dataset", "their_column"),
    "compare": ("operator",),
    "cross_source": ("dataset", "their_key", "their_column"),
    "fresh": ("hours",),
    "swing": ("percent",),
}
NUMBERS = ("hours", "percent")
ENDS: Mapping[str, bool] = {
    "length": True,
    "range": False,
}  # kinds with `least` and `most`; whether those are whole numbers
# Kinds of columns that go together, and how a limit of one is written.
ALIKE: Mapping[str, str] = {
    "integer": "number",
    "decimal": "number",
    "number": "number",
    "date": "day",
    "moment": "day",
}
OPERATORS = ("=", "<>", "<", "<=", ">", ">=")
PATTERNS: Mapping[str, str] = {
    "mobile": "1[3-9][0-9]{9}",
    "phone": "(0[0-9]{2,3}-?)?[0-9]{7,8}|1[3-9][0-9]{9}",
    "postcode": "[0-9]{6}",
    "email": "[^@ ]+@[^@ ]+\\.[^@ ]+",
    "digits": "[0-9]+",
    "chinese": "[\\x{4e00}-\\x{9fa5}·]+",
}


def rule_faults(content: Mapping[str, Any], *, columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Everything wrong with what a rule asks of a dataset with these columns (name → kind), as (field, code)."""
    spec = content.get("spec", {})
    kind = spec.get("kind", "")
    faults = [("title", "missing")] if not str(content.get("title", "")).strip() else []
    faults += [("severity", "unknown")] if content.get("severity") not in SEVERITIES else []
    faults += [("dimension", "unknown")] if content.get("dimension") not in DIMENSIONS else []
    if kind not in KINDS:
        return [*faults, ("kind", "unknown")]
    _dimension, least, most = KINDS[kind]
    asked = spec.get("columns", [])
    if not least <= len(asked) <= most or any(name not in columns for name in asked):
        faults.append(("columns", "columns"))
    else:
        faults += _kinds(kind, [ALIKE.get(columns[name], columns[name]) for name in asked], spec)
    faults += [(name, "missing") for name in NEEDED.get(kind, ()) if not spec.get(name)]
    faults += [(name, "number") for name in NUMBERS if spec.get(name) and not _is_number(spec[name], whole=True)]
    return faults + _ends(kind, spec) + _choices(spec)


def _ends(kind: str, spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    if kind not in ENDS:
        return []
    said = [name for name in ("least", "most") if spec.get(name)]
    if not said:
        return [("least", "missing")]
    return [(name, "number") for name in said if ENDS[kind] and not _is_number(spec[name], whole=True)]


def _kinds(kind: str, kinds: Sequence[str], spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong between a rule and the kinds of its columns."""
    if kind == "compare" and kinds[0] != kinds[1]:
        return [("columns", "alike")]
    if kind == "id_birth" and kinds[1] != "day":
        return [("columns", "day")]
    if kind != "range":
        return []
    said = {name: spec[name] for name in ("least", "most") if spec.get(name)}
    faults = [(name, f"limit_{kinds[0]}") for name, text in said.items() if _limit(kinds[0], text) is None]
    if faults or len(said) < 2 or kinds[0] not in ("number", "day"):
        return faults
    return [("most", "turned")] if _limit(kinds[0], said["least"]) > _limit(kinds[0], said["most"]) else []


def _limit(kind: str, text: Any) -> Any:
    """A limit as a value that can be compared; None: it is none."""
    try:
        return date.fromisoformat(str(text)[:10]) if kind == "day" else float(text) if kind == "number" else str(text)
    except ValueError:
        return None


def _choices(spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    faults = [("operator", "unknown")] if spec.get("operator") and spec["operator"] not in OPERATORS else []
    return faults + (
        [("digits", "unknown")] if spec.get("digits") and spec["digits"] not in ("id_number", "uscc") else []
    )


def _is_number(said: Any, *, whole: bool) -> bool:
    return str(said).isascii() and str(said).isdecimal() and len(str(said)) < 7


def is_fresh(merged_at: datetime | None, hours: int, at: datetime) -> bool:
    """Whether the newest batch came in within so many hours."""
    return merged_at is not None and at - merged_at <= timedelta(hours=hours)


def swings(rows: int, before: int | None, percent: int) -> bool:
    """Whether there are so many more or fewer rows than at the check before; the first check swings not."""
    return before is not None and abs(rows - before) * 100 > percent * max(before, 1)


def scores(findings: Iterable[tuple[str, str, int, int]]) -> tuple[float | None, dict[str, float]]:
    """Score of a dataset and of each dimension, 0 to 100, from (dimension, severity, rows, bad).

    A rule's score is the share of rows that do not offend; a dimension's the mean of its rules, weighted by severity; the dataset's
    the mean of the dimensions that anything was asked of. A rule that looked at no row says nothing. None: nothing was said.
    """
    sums: dict[str, tuple[float, int]] = {}
    for dimension, severity, rows, bad in findings:
        if not rows:
            continue
        good = 100.0 * (1 - min(bad, rows) / rows)
        total, weight = sums.get(dimension, (0.0, 0))
        sums[dimension] = (total + good * SEVERITIES[severity], weight + SEVERITIES[severity])
    found = {name: round(sums[name][0] / sums[name][1], 2) for name in DIMENSIONS if name in sums}
    return (round(sum(found.values()) / len(found), 2) if found else None), found


def step_faults(step: str, *, state: str, answer: str, bad: int | None, words: str) -> list[str]:
    """Why a ticket cannot be corrected, explained, returned or closed. `bad`: rows that offend now, None where nobody looked; one that
    was answered with an explanation is closed whatever offends."""
    wanted = "sent" if step in ("corrected", "explained") else "answered"
    faults = ["moved"] if state != wanted else []
    faults += ["words"] if step in ("explained", "returned") and not words.strip() else []
    said_right = step == "corrected" or (step == "closed" and answer == "corrected")
    return faults + (["still_bad"] if said_right and bad else [])


def is_excused(bad: int, excused: int | None) -> bool:
    """Whether no more rows offend than an explanation that was accepted speaks of; None: there is none."""
    return excused is not None and bad <= excused


def level(score: float | None) -> str:
    """How a score is marked: the colour of a tag."""
    return "" if score is None else "green" if score >= 95 else "yellow" if score >= 80 else "red"


def trend(points: Sequence[float | None]) -> list[tuple[int, float, float]]:
    """Bars of a picture 100 high: place from the left, top, height; nothing for a check without a score."""
    return [(at, 100 - score, score) for at, score in enumerate(points) if score is not None]
