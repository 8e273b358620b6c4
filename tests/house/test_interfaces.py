"""What our own API gives out of registers is listed (`config/interfaces.py`), and the list tells no operation that is not there."""

from __future__ import annotations

import json
from pathlib import Path

from tongban.config.interfaces import INTERFACES

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json").read_text())
# Answers that hold what was filled in from registers → what they give out.
GIVING = {"DraftOut": "form", "LookOut": "licence", "HeldOut": "licence", "VerdictOut": "licence"}


def operations() -> dict[str, str]:
    return {
        f"{verb.upper()} {path}": json.dumps(told["responses"])
        for path, verbs in SCHEMA["paths"].items()
        for verb, told in verbs.items()
    }


def test_each_operation_that_is_named_is_there() -> None:
    assert not {one for named in INTERFACES.values() for one in named} - set(operations())


def test_each_operation_that_gives_out_a_draft_or_a_licence_is_named() -> None:
    for name, answers in operations().items():
        for shape, gives in GIVING.items():
            assert f"/{shape}" + '"' not in answers or name in INTERFACES[gives], f"{name} gives out {shape}"
