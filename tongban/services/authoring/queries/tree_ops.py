"""What a hand does to the tree, as operations on the draft: computed here, done by drafting, so that each can be undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tongban.services.authoring.errors import TreeChangeRefused
from tongban.services.forms.queries import situations as tree
from tongban.services.forms.queries.situations import NoSuchNode, Survey

Content = Mapping[str, Any]
LONGEST_CONDITION = 400
VALUE = re.compile(r"[A-Za-z0-9_\u4e00-\u9fff-]{1,40}")
TICKABLE = re.compile(r"/(materials|fees)/(\d+)")


@dataclass(frozen=True)
class Change:
    """Operations, what the history calls them, which node is looked at afterwards, and the conditions they leave behind."""

    ops: list[dict[str, Any]]
    label: str
    then: str = ""
    uses: list[str] = field(default_factory=list)


def change_for(content: Content, do: str, asked: Mapping[str, str]) -> Change:
    """The change `do` names, or `TreeChangeRefused`. Changes nothing itself."""
    if do not in CHANGES:
        raise TreeChangeRefused(_("没有这种改动。"))
    try:
        return CHANGES[do](content, asked.get("at", ""), asked)
    except NoSuchNode:
        raise TreeChangeRefused(_("这一处已经不在情形里，请刷新后再试。")) from None


def _add_question(content: Content, at: str, _asked: Mapping[str, str]) -> Change:
    at = at or "/situations"
    words = {"question": _("请写下要问的问题？"), "yes": _("是"), "no": _("否")}
    ops = tree.adding_question(content, at, words)
    around = ops[-1]["path"].removesuffix("/-")
    return Change(ops, _("加一个问题"), f"{around}/{_length(content, around)}")


def _length(content: Content, around: str) -> int:
    try:
        return len(tree.node_at(content, around))
    except NoSuchNode:
        return 0


def _add_option(content: Content, at: str, _asked: Mapping[str, str]) -> Change:
    ops = tree.adding_option(content, at, _("新的答案"))
    return Change(ops, _("加一个答案"), f"{at}/options/{len(tree.node_at(content, at).get('options') or ())}")


def _move(content: Content, at: str, asked: Mapping[str, str]) -> Change:
    far = re.fullmatch(r"(-?)(\d{1,2})", asked.get("by", ""))
    ops = tree.moving(content, at, int(far[0])) if far else []
    return Change(ops, _("移动"), ops[0]["path"] if ops else at)


def _carry(content: Content, at: str, asked: Mapping[str, str]) -> Change:
    ops = tree.carrying(content, at, asked.get("to") or "/situations")
    return Change(ops, _("移到别处"), f"key:{ops[-1]['value'].get('key')}")


def _copy(content: Content, at: str, asked: Mapping[str, str]) -> Change:
    ops = tree.copying(content, at, asked.get("to") or at.rsplit("/", 1)[0])
    return Change(ops, _("复制问题"), f"key:{ops[-1]['value'].get('key')}")


def _remove(content: Content, at: str, _asked: Mapping[str, str]) -> Change:
    removal = tree.removing(content, at)
    uses = [f"{use.name}：{tree.in_words(use.text, content)}" for use in removal.uses]
    around = re.sub(r"(?:/then)?/\d+$", "", at).removesuffix("/options")
    return Change(removal.ops, _("删除"), "" if around == "/situations" else around, uses)


def _key(content: Content, at: str, asked: Mapping[str, str]) -> Change:
    new = asked.get("new", "").strip()
    node = tree.node_at(content, at)
    if not tree.KEY.fullmatch(new):
        raise TreeChangeRefused(_("代码用小写字母开头，只能有小写字母、数字和下划线，最多40个。"))
    if new != node.get("key") and new in tree.keys_of(content):
        raise TreeChangeRefused(_("已经有一个问题用了这个代码，请换一个。"))
    return Change(tree.renaming_key(content, at, new), _("改问题的代码"), at)


def _value(content: Content, at: str, asked: Mapping[str, str]) -> Change:
    new = asked.get("new", "").strip()
    options = tree.node_at(content, at.rsplit("/options/", 1)[0]).get("options") or []
    if not VALUE.fullmatch(new):
        raise TreeChangeRefused(_("代码只能有字母、数字、下划线和汉字，最多40个。"))
    if new != tree.node_at(content, at).get("value") and new in {str(option.get("value")) for option in options}:
        raise TreeChangeRefused(_("这个问题已经有一个答案用了这个代码，请换一个。"))
    return Change(tree.renaming_value(content, at, new), _("改答案的代码"), at)


def _stop(content: Content, at: str, asked: Mapping[str, str]) -> Change:
    if asked.get("on") != "1":
        return Change([{"op": "remove", "path": f"{at}/stop"}], _("选这个答案也能申请"), at)
    tree.node_at(content, at)
    words = _("您的情况不用办这个事项。")
    return Change([{"op": "add", "path": f"{at}/stop", "value": words}], _("选这个答案就停下"), at)


def _promise(content: Content, at: str, asked: Mapping[str, str]) -> Change:
    if asked.get("on") != "1":
        return Change([{"op": "remove", "path": f"{at}/promise"}], _("时限与其他情形相同"), at)
    tree.node_at(content, at)
    limit = dict(content.get("promise") or {}) or {"days": 1, "unit": "1"}
    return Change([{"op": "add", "path": f"{at}/promise", "value": limit}], _("这种情形另定时限"), at)


def _tick(content: Content, at: str, asked: Mapping[str, str]) -> Change:
    """The condition of a material or a fee, written anew from the ways that are ticked; what it asks besides stays."""
    match, survey = TICKABLE.fullmatch(at), Survey(content)
    rows = survey.content.get(match[1]) if match else None
    if match is None or rows is None or int(match[2]) >= len(rows):
        raise NoSuchNode(at)
    row = rows[int(match[2])]
    about, rest = tree.parted(str(row.get("when") or ""))
    if about is None:
        raise TreeChangeRefused(_("这一行的条件把情形和填写内容混在一起，没法用打勾来改，请直接改条件。"))
    chosen = {int(number) for number in asked.get("ways", "").split(",") if number.isdigit()}
    numbers = [number for number, way in enumerate(survey.ways) if not way.stop]
    ticked = [place for place, number in enumerate(numbers) if number in chosen]
    written = tree.condition_for(survey.open_ways, ticked, rest)
    if written is None:
        raise TreeChangeRefused(_("至少要留一种情形。谁都不用交的材料、不用缴的费，请直接删去。"))
    if len(written) > LONGEST_CONDITION:
        raise TreeChangeRefused(_("这样打勾写成的条件太长了。请先调整情形的问题，让同类的情形归到一个答案下。"))
    label = _("改适用情形：%(name)s") % {"name": row.get("name", "")}
    return Change([{"op": "add", "path": f"{at}/when", "value": written}], label)


CHANGES: dict[str, Callable[[Content, str, Mapping[str, str]], Change]] = {
    "question": _add_question,
    "option": _add_option,
    "move": _move,
    "carry": _carry,
    "copy": _copy,
    "remove": _remove,
    "key": _key,
    "value": _value,
    "stop": _stop,
    "promise": _promise,
    "tick": _tick,
}
