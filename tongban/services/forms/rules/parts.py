"""Groups and fields that forms share: what differs between a form's copy and the library's, and taking a newer version."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .editing import renamed_group
from .faults import gettext_noop
from .outline import Raw, fields

Fields = dict[str, Raw]
WORDS = {
    "added": gettext_noop("新增“%(label)s”"),
    "removed": gettext_noop("删去“%(label)s”"),
    "changed": gettext_noop("“%(label)s”的%(word)s从“%(old)s”改为“%(new)s”"),
    "reworked": gettext_noop("“%(label)s”的%(word)s有改动"),
}
PROPERTIES = {
    "title": gettext_noop("标题"),
    "label": gettext_noop("名称"),
    "hint": gettext_noop("填写提示"),
    "type": gettext_noop("类型"),
    "required": gettext_noop("是否必填"),
    "element": gettext_noop("数据元"),
    "show_if": gettext_noop("出现条件"),
    "options": gettext_noop("选项"),
    "checks": gettext_noop("核对规则"),
    "fields": gettext_noop("里面的字段"),
    "max": gettext_noop("最大值"),
    "min": gettext_noop("最小值"),
}
OWN = frozenset({"key", "origin", "fields"})
LIKE = 0.6  # share of fields two groups have in common when they ask for the same thing


@dataclass(frozen=True)
class Differs:
    """One thing that is not the same in two versions."""

    kind: str
    label: str
    word: str = ""
    old: Any = None
    new: Any = None

    def say(self, translate: Any = str) -> str:
        kind = self.kind
        if kind == "changed" and not all(isinstance(value, str | int | float) for value in (self.old, self.new)):
            kind = "reworked"
        word = translate(PROPERTIES[self.word]) if self.word in PROPERTIES else self.word
        told = {"label": self.label, "word": word, "old": _plain(self.old), "new": _plain(self.new)}
        return str(translate(WORDS[kind])) % told


def _plain(value: Any) -> str:
    return {True: "✓", False: "✗"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def bare(thing: Raw) -> Raw:
    """A group or field as the library keeps it: without origin, and without the condition the item put on the group."""
    made = {key: value for key, value in copy.deepcopy(thing).items() if key != "origin"}
    if "type" not in made:
        made.pop("show_if", None)
        made["fields"] = [{k: v for k, v in raw.items() if k != "origin"} for raw in made.get("fields") or ()]
    return made


def _named(group: Raw) -> Fields:
    """The fields of a group by what they are called in the library."""
    return {str((raw.get("origin") or raw)["key"]): raw for raw in group.get("fields") or ()}


def as_in_library(group: Raw) -> Raw:
    """A form's copy with its fields called as in the library, so that the two can be compared."""
    content: Raw = {"form": {"groups": [group]}}
    for old, raw in _named(group).items():
        if raw["key"] != old:
            place = next(place for place in fields(content) if place.raw["key"] == raw["key"] and not place.row)
            content = {"form": {"groups": [renamed_group(content, place, old)]}}
    return bare(content["form"]["groups"][0])


def differences(old: Raw, new: Raw) -> list[Differs]:
    """What differs between two versions of a group or of a field, as the library keeps them."""
    label = str(new.get("title") or new.get("label") or new.get("key"))
    found = list(_properties(old, new, label))
    if "type" in new:
        return found + ([Differs("reworked", label, "fields")] if old.get("fields") != new.get("fields") else [])
    before, after = _named(old), _named(new)
    for key in [*after, *(key for key in before if key not in after)]:
        if key not in before:
            found.append(Differs("added", _label(after[key])))
        elif key not in after:
            found.append(Differs("removed", _label(before[key])))
        else:
            found += differences(before[key], after[key])
    return found


def _label(raw: Raw) -> str:
    return str(raw.get("label") or raw["key"])


def _properties(old: Raw, new: Raw, label: str) -> Iterator[Differs]:
    for word in dict.fromkeys([*old, *new]):
        if word not in OWN and old.get(word) != new.get(word):
            yield Differs("changed", label, word, old.get(word), new.get(word))


def merged(own: Raw, old: Raw, new: Raw, version: int) -> Raw:
    """A form's copy with what changed in the library since `old`. What the form itself changed stays as the form has it."""
    mine = as_in_library(own)
    result = _merged(mine, old, new)
    if "type" not in new:
        mine_by, old_by, new_by = _named(mine), _named(old), _named(new)
        result["fields"] = [
            _merged(mine_by[key], old_by[key], raw) if key in mine_by and key in old_by else mine_by.get(key, raw)
            for key, raw in new_by.items()
            if key in mine_by or key not in old_by
        ] + [raw for key, raw in mine_by.items() if key not in old_by and key not in new_by]
    back = {key: raw["key"] for key, raw in _named(own).items() if raw["key"] != key}
    for key, here in back.items():
        content: Raw = {"form": {"groups": [result]}}
        place = next((p for p in fields(content) if p.raw["key"] == key and not p.row), None)
        if place is not None:
            result = renamed_group(content, place, here)
            moved = next(raw for raw in result["fields"] if raw["key"] == here)
            moved["origin"] = {"key": key, "version": version}
    result |= {name: own[name] for name in ("key", "show_if") if name in own}
    return {**result, "origin": {"key": own["origin"]["key"], "version": version}}


def _merged(mine: Raw, old: Raw, new: Raw) -> Raw:
    """Each property as the library changed it, else as it stands here."""
    result: Raw = {}
    for word in dict.fromkeys([*mine, *new]):
        value = new.get(word) if old.get(word) != new.get(word) and mine.get(word) == old.get(word) else mine.get(word)
        if value is not None:
            result[word] = value
    return result


def alike(one: Raw, other: Raw) -> float:
    """How much two groups ask for the same: 0 to 1, by data element and by label."""
    a, b = ({_meaning(raw) for raw in group.get("fields") or ()} for group in (one, other))
    return len(a & b) / len(a | b) if a | b else 0.0


def _meaning(raw: Raw) -> str:
    return str(raw.get("element") or raw.get("label") or raw["key"])


def likenesses(content: Raw, part: Raw) -> list[str]:
    """Titles of an item's groups that ask for what this part asks for without having it from the library."""
    groups = (content.get("form") or {}).get("groups") or ()
    return [str(g.get("title") or g["key"]) for g in groups if not g.get("origin") and alike(g, part) >= LIKE]


def origins(content: Raw) -> list[tuple[str, int, str]]:
    """What an item's form has from the library: (key, version, title or label here)."""
    found = []
    for group in (content.get("form") or {}).get("groups") or ():
        whole = group.get("origin")
        if whole:
            found.append((whole["key"], whole["version"], str(group.get("title") or group["key"])))
            continue
        found += [
            (raw["origin"]["key"], raw["origin"]["version"], _label(raw))
            for raw in group.get("fields") or ()
            if raw.get("origin")
        ]
    return found
