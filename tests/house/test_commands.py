"""Every command that a page tells exists, with the verb and the options it tells."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from unittest.mock import patch

import pytest
from django.core.management import get_commands, load_command_class

from tests.house.test_layers import ROOT
from tongban.__main__ import ALONE

PAGES = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "tongban").rglob("README.md"),
]
PAGES += (ROOT / "tests").glob("*/README.md")
TOLD = re.compile(r"(?:`|^|&& |; )(?:\.venv/bin/|python -m )?(tongban|make)(?: ([^`\n]*))?(?=`|$)", re.MULTILINE)
OURS = re.compile(r"[a-z_]+|--[a-z-]+|[A-Z_]+=.*")


def told(program: str) -> Iterator[tuple[str, str]]:
    """(page, words): what follows a program's name in code, up to a comment or the next program."""
    for page in PAGES:
        text = page.read_text()
        fenced = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
        quoted = "\n".join(f"`{code}`" for code in re.findall(r"`([^`\n]+)`", text))
        for name, words in TOLD.findall(f"{fenced}\n{quoted}"):
            if name == program:
                yield str(page.relative_to(ROOT)), re.split(r" #| &&|;|\||>", words)[0].strip()


class Parsed(Exception):
    pass


@cache
def parser_of(command: str) -> argparse.ArgumentParser:
    """How a command reads its words; those that wake no house build it when they are called."""
    if command not in ALONE:
        return load_command_class(get_commands()[command], command).create_parser("tongban", command)

    def show(self: argparse.ArgumentParser, *_words: object) -> None:
        raise Parsed(self)

    module, function = ALONE[command]
    run = getattr(import_module(module), function)
    with patch.object(argparse.ArgumentParser, "parse_args", show), pytest.raises(Parsed) as shown:
        run([])
    parser = shown.value.args[0]
    assert isinstance(parser, argparse.ArgumentParser)
    return parser


def wrong_with(words: str) -> str:
    """What a parser would say of the verb and the options; what stands for something else is not looked at."""
    named = [word for word in shlex.split(words.replace("[", "").replace("]", "")) if OURS.fullmatch(word)]
    if not named:
        return ""  # `tongban …`
    command, *rest = named
    if command not in ALONE and command not in get_commands():
        return f"no command {command}"
    parser = parser_of(command)
    options = {option for action in parser._actions for option in action.option_strings}
    verbs = next(
        (set(action.choices) for action in parser._actions if action.choices and not action.option_strings), set()
    )
    strange = [word for word in rest if word.startswith("--") and word not in options]
    said = [verb for verb in rest[:1] if verbs and not verb.startswith("--") and verb not in verbs]
    return " ".join(strange + said)


def test_every_tongban_command_exists() -> None:
    found = [(page, words, wrong) for page, words in told("tongban") if words and (wrong := wrong_with(words))]
    assert found == []


def test_every_make_target_and_its_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets, names = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)), set(re.findall(r"\(([A-Z]+)\)", makefile))
    found = [(page, words) for page, words in told("make") if words and words.split()[0] not in targets]
    found += [
        (page, word) for page, words in told("make") for word in re.findall(r"\b([A-Z]+)=", words) if word not in names
    ]
    assert found == []


def test_every_script_of_deploy_that_is_told_exists() -> None:
    handbook = (ROOT / "docs" / "operations.md").read_text()
    named = set(re.findall(r"\bdeploy/[\w./@-]*\w", handbook))
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_a_wrong_command_is_found() -> None:
    assert wrong_with("backup keep") == wrong_with("standby status --into") == wrong_with("files seal") == ""
    assert wrong_with("backup kept") == "kept"
    assert wrong_with("restore --when") == "--when"
    assert wrong_with("bakup") == "no command bakup"
