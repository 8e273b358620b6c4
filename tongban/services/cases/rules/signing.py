"""What a person signs about a case, and what of it is no longer as he signed it (电子签名法 art. 13). Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tongban.foundation.kernel.canonical import canonical, sm3

from .materials import PROMISE

Contents = dict[str, Any]
# What a person answers for with his name: of the applicant, and of staff each opinion and each decision.
APPLICANTS_ACTS = frozenset({"submit", "sign_application", "supply_correction", "supply_promised", "withdraw"})
OPINIONS = frozenset({"review", "give_opinion", "sign"})
DECISIONS = frozenset(
    {"accept", "refuse_acceptance", "transfer", "ask_correction", "suspend", "extend", "decide", "terminate", "void"}
)
SIGNED_ACTS = APPLICANTS_ACTS | OPINIONS | DECISIONS | {"send_back"}
# What colleagues say among themselves is not for the applicant.
SHOWN_TO_APPLICANT = APPLICANTS_ACTS | DECISIONS
MATERIAL = ("key", "position", "way", "file_id", "copies", "promised_on", "waive_mode", "licence_identifier")


def contents_of(
    *, answers: Any, situation: Any, delivery: Any, materials: Iterable[Mapping[str, Any]], files: Mapping[str, str]
) -> Contents:
    """An application as it is signed: digests (SM3) of what was written, each material, each file's digest by its id."""
    rows = sorted(({name: row[name] for name in MATERIAL} for row in materials), key=_place)
    digests = {name: sm3(canonical(value)) for name, value in
               {"answers": answers or {}, "situation": situation or {}, "delivery": delivery or {}}.items()}  # fmt: skip
    whole: Contents = json.loads(canonical({**digests, "materials": rows, "files": dict(files)}))
    return whole


def _place(row: Mapping[str, Any]) -> tuple[str, int]:
    return row["key"], row["position"]


@dataclass(frozen=True)
class Difference:
    """`part`: answers, situation, delivery, material, file; of the last two, which. `how`: changed, missing, added."""

    part: str
    how: str
    which: str = ""


def differences(signed: Contents, present: Contents, *, since: Iterable[tuple[str, int]]) -> list[Difference]:
    """What is no longer as it was signed. `since` are the places of materials that came later, as the law lets them."""
    found = [
        Difference(part, "changed")
        for part in ("answers", "situation", "delivery")
        if signed.get(part) != present[part]
    ]
    before = {_place(row): row for row in signed.get("materials", ())}
    now = {_place(row): row for row in present["materials"]}
    later = set(since)
    for place, row in before.items():
        if now.get(place) != row:
            found.append(Difference("material", "changed" if place in now else "missing", row["key"]))
    found += [Difference("material", "added", place[0]) for place in now if place not in before and place not in later]
    files = signed.get("files", {})
    found += [
        Difference("file", "changed" if file in present["files"] else "missing", file)
        for file, digest in files.items()
        if present["files"].get(file) != digest
    ]
    return found


def came_later(row: Mapping[str, Any], signed_at: Any) -> bool:
    """Whether a material was handed in after a moment: with a correction, or in place of a promise."""
    return row["way"] != PROMISE and row["supplied_at"] is not None and row["supplied_at"] >= signed_at
