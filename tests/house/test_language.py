"""Whatever a person can read, he can read in English too, with the same names and numbers in it."""

import re

from tongban.web.language import load, missing

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
