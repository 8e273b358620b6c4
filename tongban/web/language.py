"""The English catalogue: what is said in the code, what is translated, what is not. No program outside Python is needed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
# How many leading arguments of each function are context, and how many are messages.
SPEAKERS = {
    "_": (0, 1),
    "gettext": (0, 1),
    "gettext_lazy": (0, 1),
    "gettext_noop": (0, 1),
    "ngettext": (0, 2),
    "ngettext_lazy": (0, 2),
    "pgettext": (1, 1),
    "pgettext_lazy": (1, 1),
    "npgettext": (1, 2),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
SPOKEN = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)")

Message = tuple[str, str, str]  # context, singular, plural


def _message(speaker: str, words: list[str]) -> Message | None:
    contexts, messages = SPEAKERS[speaker]
    if len(words) < contexts + messages:
        return None
    context = words[0] if contexts else ""
    return context, words[contexts], words[contexts + 1] if messages == 2 else ""


def spoken_in_python(source: str) -> Iterator[Message]:
    """Every message a Python file marks for translation."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in SPEAKERS:
            words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if message := _message(name, words):
                yield message


def spoken_in_template(source: str) -> Iterator[Message]:
    """Every message a template marks for translation."""
    for speaker, literals in SPOKEN.findall(templatize(source)):
        words = [ast.literal_eval(literal) for literal in re.findall(LITERAL, literals)]
        if message := _message(speaker, words):
            yield message


def spoken() -> dict[Message, str]:
    """Every message of the whole house and the first file that says it."""
    found: dict[Message, str] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or {"tests", "migrations"} & set(path.parts):
            continue
        speak = spoken_in_python if path.suffix == ".py" else spoken_in_template
        for message in speak(path.read_text()):
            if message[1].strip():
                found.setdefault(message, str(path.relative_to(PACKAGE)))
    return found


def _key(entry: polib.POEntry) -> Message:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def load() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), wrapwidth=0)


def missing() -> list[Message]:
    """Messages that are said but have no English yet."""
    translated = {_key(entry) for entry in load() if entry.translated() and not entry.fuzzy}
    return [message for message in spoken() if message not in translated]


def collect() -> int:
    """Bring the catalogue up to date: add what is new, drop what nobody says any more. Returns how many lack English."""
    catalogue, said = load(), spoken()
    for entry in [entry for entry in catalogue if _key(entry) not in said]:
        catalogue.remove(entry)
    known = {_key(entry): entry for entry in catalogue}
    for message, place in said.items():
        context, singular, plural = message
        if message not in known:
            entry = polib.POEntry(msgid=singular, msgstr="" if not plural else None, msgctxt=context or None)
            if plural:
                entry.msgid_plural, entry.msgstr_plural = plural, {0: "", 1: ""}
            catalogue.append(entry)
            known[message] = entry
        known[message].occurrences = [(place, "")]
    catalogue.sort(key=lambda entry: (entry.occurrences, entry.msgid))
    catalogue.save(str(CATALOGUE))
    return len(missing())


def compile_catalogue() -> None:
    """Write the binary catalogue beside the text, for the running system."""
    load().save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
