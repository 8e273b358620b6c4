"""What somebody typed or scanned: which kind of thing it names. 国办发〔2022〕3号: whoever holds a licence can have it checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

IDENTIFIER = re.compile(r"1\.2\.156\.3005\.2(\.[0-9A-Z]{1,40}){3,6}")
LETTER_LINK = re.compile(r"/letters/verify/([0-9A-Za-z-]{6,40})/?")
CREDENTIAL = re.compile(r"[1-9][0-9]{100,}")
LONGEST = 4000
MOST_BYTES = 20 << 20  # of a file: the largest licence with its scans is a tenth of it
LONGEST_NUMBER = 120


def read(text: str) -> tuple[str, str]:
    """What a text names and how it is looked up: `credential`, `identifier`, `letter`, `number`, or `nothing`."""
    text = text.strip()[: LONGEST + 1]
    dense = "".join(text.split())
    if not text or len(text) > LONGEST:
        return "nothing", ""
    behind = dense.rpartition("#")[2]
    if CREDENTIAL.fullmatch(behind):
        return "credential", behind
    if found := LETTER_LINK.search(dense):
        return "letter", found[1].upper()
    if IDENTIFIER.fullmatch(dense.upper()):
        return "identifier", dense.upper()
    return ("number", text) if len(text) <= LONGEST_NUMBER else ("nothing", "")


# The states of a licence (证照状态) that mean "no longer": cancelled, punished, wrongly granted, lost.
ENDED = frozenset({"cancelled", "revoked", "annulled", "lost"})


def standing(status: str, valid_from: date | None, today: date) -> str:
    """How a licence is answered for, by its status as of today. Only one that is valid is called so."""
    if status in ENDED:
        return "revoked"
    if status == "draft":  # given, and its first day is still to come; or not given at all
        return "not_yet" if valid_from and today < valid_from else "unknown"
    return status if status in ("valid", "suspended", "superseded", "expired") else "unknown"


def form_of(data: bytes) -> str:
    """`pdf`, `ofd`, or nothing: by its first bytes, whatever it is called. A PDF may have a little before its head."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    return "ofd" if data.startswith(b"PK") else ""


def answer_of_file(*, signed: Sequence[tuple[bool | None, bool]], intact: bool, altered: bool, readable: bool) -> str:
    """What is said of a file before it is asked what it is about. `signed`: of each signature, whether it holds, and whether
    a seal of ours made it. Altered comes before everything: a changed file is not "of another city"."""
    if not readable:
        return "broken"
    if altered:
        return "altered"
    if not signed:
        return "unsigned"
    if intact and all(holds for holds, _ours in signed):
        return "genuine"
    if all(ours for _holds, ours in signed):
        return "doubtful" if any(holds is False for holds, _ours in signed) else "unsure"
    return "foreign"
