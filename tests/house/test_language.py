"""Whatever a person can read, he can read in English too, with the same names and numbers in it."""

import re
from pathlib import Path

from tongban.web.language import load, missing

HOUSE = Path(__file__).resolve().parents[2] / "tongban"
# What is read from these is written down in Chinese: a dictionary's text, papers, a template to be filled in.
IN_CHINESE = {
    "services/items/queries/tables.py",
    "services/forms/queries/said.py",
    "services/licences/queries/gathering.py",
}
SHOWN = {"console", "portal", "open_portal", "kiosk", "queries", "templates"}
BY_HAND = re.compile(r"""["']、["']\.join\(|%}、{%""")
SLOT = re.compile(r"%\(\w+\)[sd]|%[sd]|</?\w+>")


def test_every_message_has_its_english() -> None:
    assert not missing(), "run `tongban language collect` and translate what is new in tongban/locale/en"


def test_the_english_says_the_same_names_and_numbers() -> None:
    different = [
        entry.msgid
        for entry in load()
        for english in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if set(SLOT.findall(entry.msgid)) != set(SLOT.findall(english))
    ]
    assert not different


def test_words_in_a_row_are_parted_as_the_language_parts_them() -> None:
    """`kernel.listing.listed`, or `{% translate "、" %}` between links."""
    found = {
        str(path.relative_to(HOUSE))
        for path in HOUSE.rglob("*")
        if path.suffix in {".py", ".html"} and SHOWN & {*path.parts, path.stem} and BY_HAND.search(path.read_text())
    }
    assert not found - IN_CHINESE
