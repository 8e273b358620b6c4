"""What may stand in a text: invisible marks fall away, control characters are refused, rare characters stay.

GB 18030-2022 asks for rare characters (𬭊 㛃 䶮 𠅤); a character newer than our Unicode tables is therefore kept, too.
Length is counted in code points, as JSON Schema counts.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 20_000  # no field of any form takes more; what is beyond is not even kept
DEFAULT_LONGEST = {"text": 200, "textarea": 2000, "email": 100, "phone": 30, "id_number": 18, "uscc": 18}

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_JOINER = re.compile(
    "\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])|(?<![\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufffd]")
_LINES = re.compile("[\t\r\n]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_EMOJI = re.compile("[\u2600-\u27bf\u20e3\ufe0f\U0001f000-\U0001faff]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")


def tidy_text(value: str, *, lines: bool = False) -> str:
    """Without invisible and direction marks, without blanks around it; line ends are one kind, or none where `lines` is off."""
    value = _JOINER.sub("", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", value)))
    if not lines:
        value = _LINES.sub(" ", value)
    return value.strip()


def tidy_code(value: str) -> str:
    """A number or code as it is meant: half-width, capitals, without blanks (`５１１６０２…x` → `511602…X`)."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", tidy_text(value))).upper()


def text_fault(value: str, *, free: bool = False) -> tuple[str, str] | None:
    """The code of what must not be in a text and the first such character; emoji only harm where the text is not `free`."""
    if _CONTROL.search(value):
        return "control_characters", ""
    if found := _PRIVATE.search(value):
        return "private_characters", found[0]
    if not free and (found := _EMOJI.search(value)):
        return "emoji", found[0]
    return None
