"""Who asks for a field: what would break, or has to be rewritten, when it goes or gets another name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .expressions import names_in
from .faults import gettext_noop
from .outline import Place, Raw, Said, expressions, fields

KINDS = {
    "show_if": gettext_noop("“%(label)s”的出现条件"),
    "value": gettext_noop("“%(label)s”的计算"),
    "required": gettext_noop("“%(label)s”的必填条件"),
    "element_if": gettext_noop("“%(label)s”的自动填入条件"),
    "check": gettext_noop("核对规则“%(label)s”"),
    "materials": gettext_noop("材料“%(label)s”的提交条件"),
    "fees": gettext_noop("收费“%(label)s”的条件"),
    "flow": gettext_noop("流程环节“%(label)s”的条件"),
    "of": gettext_noop("“%(label)s”与它核对"),
    "test": gettext_noop("测试“%(label)s”"),
}


@dataclass(frozen=True)
class Use:
    """One place that asks for a field. A test's mention goes with the field; all others would be left without it."""

    kind: str
    pointer: str
    label: str
    expression: str = ""

    def say(self, translate: Any = str) -> str:
        return str(translate(KINDS[self.kind])) % {"label": self.label}


def _asks(said: Said, place: Place) -> bool:
    key = place.raw["key"]
    if place.row is None:
        return key in names_in(said.expression) and not _is_own_cell(said, key)
    if said.row is place.row and key in names_in(said.expression):
        return True
    return place.row["key"] in names_in(said.expression) and bool(re.search(rf"#\.{key}\b", said.expression))


def _is_own_cell(said: Said, key: str) -> bool:
    """Inside a repeat a cell of the same name is meant, not the field around it."""
    return said.row is not None and key in {cell["key"] for cell in said.row.get("fields") or ()}


def _words(said: Said) -> str:
    holder = said.holder
    return str(
        holder.get("label") or holder.get("title") or holder.get("name") or holder.get("message") or holder.get("key")
    )


def expressions_asking(content: Raw, place: Place) -> Iterator[Said]:
    return (said for said in expressions(content) if _asks(said, place) and said.holder is not place.raw)


def uses_of(content: Raw, place: Place) -> list[Use]:
    """Everything that asks for this field, in the order of the definition."""
    found = [Use(said.word, said.pointer, _words(said), said.expression) for said in expressions_asking(content, place)]
    key = place.raw["key"]
    if place.row is None:
        found += [
            Use("check", pointer, str(rule.get("message") or ""))
            for pointer, rule in checks_about(content, key)
            if key not in names_in(rule.get("expr") or "")
        ]
    found += [
        Use("of", other.pointer, str(other.raw.get("label") or other.raw["key"]))
        for other in fields(content)
        if other.raw.get("of") == key and (other.row is place.row)
    ]
    found += [
        Use("test", f"/form/tests/{n}", test["name"])
        for n, test in enumerate((content.get("form") or {}).get("tests") or ())
        if place.row is None and key in test["answers"]
    ]
    return found


def checks_about(content: Raw, key: str) -> Iterator[tuple[str, Raw]]:
    """Checks whose sentence stands beside this field."""
    form = content.get("form") or {}
    holders = [("/form", form), *((f"/form/groups/{g}", group) for g, group in enumerate(form.get("groups") or ()))]
    for pointer, holder in holders:
        for c, rule in enumerate(holder.get("checks") or ()):
            if str(rule.get("field") or "").split(".")[0] == key:
                yield f"{pointer}/checks/{c}", rule
