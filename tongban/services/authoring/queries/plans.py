"""What one press on the form's page amounts to: operations for drafting, what the history calls them, what is chosen then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotFound, Reason
from tongban.services.authoring.errors import FormEditRefused
from tongban.services.forms.queries import (
    TYPE_NAMES,
    editing,
    element_named,
    outline,
    parts,
    reasons_of,
    shared_content,
    shared_versions,
)

FORM = "/form"
GROUPS = f"{FORM}/groups"
Content = dict[str, Any]
ROWS = ("repeat", "table")
MOST_PASTED = 500


@dataclass
class Plan:
    ops: list[dict[str, Any]]
    label: str
    select: str
    tests: list[str] = field(default_factory=list)


def plan(actor: Actor, content: Content, body: dict[str, Any]) -> Plan:
    """The plan of one press; `FormEditRefused` with a sentence where it makes no sense."""
    make = PLANS.get(str(body.get("do")))
    if make is None:
        raise FormEditRefused(reasons=[Reason("unknown", _("这个操作无法识别，请刷新页面后再试。"))])
    return make(actor, content, body)


def _at(content: Content, body: dict[str, Any], name: str = "at") -> str:
    """A pointer into the form at which something with a key stands."""
    pointer = str(body.get(name) or "")
    found = outline.at(content, pointer) if pointer.startswith(f"{GROUPS}/") else None
    if not isinstance(found, dict) or "key" not in found:
        raise FormEditRefused(reasons=[Reason("gone", _("这一项已经被移走或删去了，页面会自动更新。"))])
    return pointer


def _label(content: Content, pointer: str) -> str:
    raw = outline.at(content, pointer)
    return str(raw.get("label") or raw.get("title") or raw["key"])


# --- adding ---------------------------------------------------------------------------------------------------------------


def _add(actor: Actor, content: Content, body: dict[str, Any]) -> Plan:
    thing = _wanted(actor, body)
    ops, where = _put(content, body, thing)
    return Plan(ops, _("添加“%(label)s”") % {"label": thing.get("label") or thing.get("title")}, where)


def _wanted(actor: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """What the palette offers under a name: a part of the library, a data element, a group, a type."""
    if shared := str(body.get("shared") or ""):
        newest = shared_versions(actor, shared)[0]
        return {**newest.content, "origin": {"key": shared, "version": newest.version}}
    if element := element_named(str(body.get("element") or "")):
        return {**element.as_field(), "label": _(element.name)}
    kind = str(body.get("kind") or "text")
    if kind == "group":
        return {"key": "group", "title": _("新的分组"), "fields": []}
    if kind not in TYPE_NAMES:
        raise FormEditRefused(reasons=[Reason("unknown", _("没有这种字段。"))])
    return editing.blank(kind, _("新的%(type)s") % {"type": _(TYPE_NAMES[kind])})


def _put(content: Content, body: dict[str, Any], thing: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """Where it was dropped, else behind what is chosen; a field without any group brings one along."""
    is_group = "type" not in thing
    array, number = _target(content, body, is_group)
    if array or is_group:
        return editing.add(content, array or GROUPS, number, thing)
    group = {"key": "main", "title": _("申请内容"), "fields": [thing]}
    ops, where = editing.add(content, GROUPS, 0, group)
    return ops, f"{where}/fields/0"


def _target(content: Content, body: dict[str, Any], is_group: bool) -> tuple[str, int]:
    groups = outline.groups(content)
    chosen = str(body.get("array") or "")
    if chosen and isinstance(outline.at(content, chosen), list) and (chosen == GROUPS) == is_group:
        return chosen, _number(body.get("number"))
    pointer = str(body.get("after") or "")
    if is_group:
        return GROUPS, int(pointer.split("/")[3]) + 1 if pointer.startswith(f"{GROUPS}/") else len(groups)
    if not isinstance(outline.at(content, pointer), dict) or not pointer.startswith(f"{GROUPS}/"):
        pointer = f"{GROUPS}/{len(groups) - 1}" if groups else ""
    if not pointer:
        return "", 0
    array, number = editing.container_of(pointer)
    if array == GROUPS:
        return f"{pointer}/fields", len(outline.at(content, pointer).get("fields") or [])
    return array, number + 1


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000 else 9_999


def _paste(_actor: Actor, content: Content, body: dict[str, Any]) -> Plan:
    """The rows of the confirm page as fields, one behind the other."""
    rows = [row for row in body.get("rows") or () if isinstance(row, dict) and str(row.get("label") or "").strip()]
    if not rows:
        raise FormEditRefused(reasons=[Reason("nothing", _("没有选中任何一行。"))])
    ops: list[dict[str, Any]] = []
    whole, after, first = _copy(content), str(body.get("after") or ""), ""
    for row in rows[:MOST_PASTED]:
        made, after = _put(whole, {"after": after}, _pasted(row))
        ops += made
        first = first or after
        _apply_adds(whole, made)
    return Plan(ops, _("从表格粘贴%(count)s个字段") % {"count": len(rows[:MOST_PASTED])}, first)


def _copy(content: Content) -> Content:
    """As much of a copy as adding to the form changes."""
    form = content.get("form") or {}
    groups = [{**group, "fields": [*(group.get("fields") or ())]} for group in form.get("groups") or ()]
    return {**content, "form": {**form, "groups": groups}}


def _apply_adds(content: Content, ops: list[dict[str, Any]]) -> None:
    for op in ops:
        array, _slash, last = op["path"].rpartition("/")
        holder = outline.at(content, array)
        if isinstance(holder, list):
            holder.insert(int(last), op["value"])
        else:
            holder[last] = op["value"]


def _pasted(row: dict[str, Any]) -> dict[str, Any]:
    kind = str(row.get("type") or "text")
    made = editing.blank(kind if kind in TYPE_NAMES else "text", str(row["label"]).strip()[:200])
    made |= {"key": str(row.get("key") or "field"), "required": bool(row.get("required"))}
    if hint := str(row.get("hint") or "").strip():
        made["hint"] = hint[:2000]
    if element_named(str(row.get("element") or "")):
        made["element"] = row["element"]
    options = [str(label).strip()[:200] for label in row.get("options") or () if str(label).strip()]
    if options and "options" in made:
        made["options"] = [{"value": str(n), "label": label} for n, label in enumerate(options[:200], 1)]
    if kind == "notice":
        made.pop("required")
    return made


# --- changing what is there -----------------------------------------------------------------------------------------------


def _step(_actor: Actor, content: Content, body: dict[str, Any]) -> Plan:
    pointer = _at(content, body)
    way = str(body.get("way"))
    if way not in ("up", "down", "into", "out"):
        raise NotFound
    ops, lands = editing.step(content, pointer, way)
    return Plan(ops, _("移动“%(label)s”") % {"label": _label(content, pointer)}, lands)


def _move(_actor: Actor, content: Content, body: dict[str, Any]) -> Plan:
    pointer = _at(content, body)
    ops, lands = editing.move_to(content, pointer, str(body.get("array") or ""), _number(body.get("number")))
    return Plan(ops, _("移动“%(label)s”") % {"label": _label(content, pointer)}, lands)


def _remove(_actor: Actor, content: Content, body: dict[str, Any]) -> Plan:
    pointer = _at(content, body)
    array, number = editing.container_of(pointer)
    beside = len(outline.at(content, array)) - 1
    select = f"{array}/{min(number, beside - 1)}" if beside else array.removesuffix("/fields")
    select = FORM if select == GROUPS else select
    return Plan(editing.remove(content, pointer), _("删去“%(label)s”") % {"label": _label(content, pointer)}, select)


def _rename(_actor: Actor, content: Content, body: dict[str, Any]) -> Plan:
    pointer, key = _at(content, body), str(body.get("key") or "").strip()
    if faults := editing.faults_of_key(content, pointer, key):
        raise FormEditRefused(reasons=reasons_of(faults))
    ops = editing.rename(content, pointer, key)
    label = _("把“%(label)s”的字段名改为%(key)s") % {"label": _label(content, pointer), "key": key}
    return Plan(ops, label, pointer)


def _retype(_actor: Actor, content: Content, body: dict[str, Any]) -> Plan:
    """Another type, with what it cannot be without; what the new type has no use for goes."""
    pointer, kind = _at(content, body), str(body.get("type") or "")
    raw = outline.at(content, pointer)
    place = outline.place_of(content, pointer)
    if kind not in TYPE_NAMES or (place and place.row is not None and kind in ROWS):
        raise FormEditRefused(reasons=[Reason("nested_rows", _("重复组里不能再有重复组或表格。"))])
    fresh = editing.blank(kind, "")
    ops = [{"op": "replace", "path": f"{pointer}/type", "value": kind}]
    for word in ("options", "fields", "text"):
        if word in fresh and not raw.get(word):
            ops.append({"op": "add", "path": f"{pointer}/{word}", "value": fresh[word]})
        elif word in raw and word not in fresh:
            ops.append({"op": "remove", "path": f"{pointer}/{word}"})
    return Plan(ops, _("改“%(label)s”的类型") % {"label": _label(content, pointer)}, pointer)


def _take(actor: Actor, content: Content, body: dict[str, Any]) -> Plan:
    """The library's newer version, without losing what was changed here."""
    pointer = _at(content, body)
    own = outline.at(content, pointer)
    origin = own.get("origin") or {}
    newest = shared_versions(actor, str(origin.get("key") or ""))[0]
    old = shared_content(actor, newest.part.key, int(origin.get("version") or 0)) or newest.content
    made = parts.merged(own, old, newest.content, newest.version)
    label = _("采用公共库“%(label)s”第%(version)s版") % {"label": newest.title, "version": newest.version}
    return Plan([{"op": "replace", "path": pointer, "value": made}], label, pointer)


PLANS: dict[str, Callable[[Actor, Content, dict[str, Any]], Plan]] = {
    "add": _add,
    "paste": _paste,
    "step": _step,
    "move": _move,
    "remove": _remove,
    "rename": _rename,
    "retype": _retype,
    "take": _take,
}
