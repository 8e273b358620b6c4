"""What an official does to a form, as JSON Patch operations (RFC 6902) on the definition that holds it under `/form`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from .definitions import KEY, RESERVED
from .expressions import rename_in
from .faults import Fault, fault
from .outline import FORM, Place, Raw, at, fields, groups, place_of
from .structure import CHOICE, ROWS
from .uses import checks_about, expressions_asking

Ops = list[dict[str, Any]]
MOST_FORMER = 20
_KEY = re.compile(KEY["pattern"])


def container_of(pointer: str) -> tuple[str, int]:
    """The array a thing stands in, and its place there."""
    array, _slash, number = pointer.rpartition("/")
    return array, int(number)


def _same(content: Raw, pointer: str) -> Ops:
    """Made for this very thing: if a colleague moved it meanwhile, the edit is refused instead of hitting another."""
    return [{"op": "test", "path": f"{pointer}/key", "value": at(content, pointer)["key"]}]


# --- keys -----------------------------------------------------------------------------------------------------------------


def keys_beside(content: Raw, array: str) -> set[str]:
    """Keys a new thing in this array must not have. All fields of a form share one set; a repeat has its own."""
    if array == f"{FORM}/groups":
        return {group["key"] for group in groups(content)}
    holder = at(content, array.removesuffix("/fields"))
    if isinstance(holder, dict) and holder.get("type") in ROWS:
        return {cell["key"] for cell in holder.get("fields") or ()}
    return {place.raw["key"] for place in fields(content) if place.row is None}


def free_key(wanted: str, taken: set[str]) -> str:
    """`wanted`, with a number behind it if it is taken."""
    stem = wanted if _KEY.match(wanted) else "field"
    taken = taken | RESERVED
    if stem not in taken:
        return stem
    return next(key for n in range(2, 10_000) if (key := f"{stem[:34]}_{n}") not in taken)


def faults_of_key(content: Raw, pointer: str, key: str) -> list[Fault]:
    """Why a thing may not have this key; without a pointer only whether anything may."""
    if not _KEY.match(key):
        return [fault(pointer, "key_shape", key=key)]
    if key in RESERVED:
        return [fault(pointer, "reserved_key", key=key)]
    own = at(content, pointer) if pointer else None
    array = pointer.rpartition("/")[0]
    if own and own["key"] != key and key in keys_beside(content, array):
        return [fault(pointer, "duplicate_key", key=key)]
    return []


# --- adding ---------------------------------------------------------------------------------------------------------------


def blank(kind: str, label: str, **more: Any) -> Raw:
    """A new field of a type, with what that type cannot be without."""
    made: Raw = {"key": "field", "label": label, "type": kind, "required": kind not in ("notice", "checkboxes"), **more}
    if kind in CHOICE | {"checkboxes"}:
        made.setdefault("options", [{"value": "1", "label": "选项一"}, {"value": "2", "label": "选项二"}])
    if kind in ROWS:
        made.setdefault("fields", [{"key": "name", "label": "名称", "type": "text", "required": True}])
    if kind == "notice":
        made.pop("required")
        made.setdefault("text", "请在这里写给申请人看的话。")
    return made


def add(content: Raw, array: str, number: int, thing: Raw) -> tuple[Ops, str]:
    """A field or group put at a place of an array, with keys nobody else has; also where it then stands."""
    taken = keys_beside(content, array)
    thing = {**thing, "key": free_key(str(thing.get("key") or "field"), taken)}
    if array == f"{FORM}/groups":
        thing = rekeyed(thing, keys_beside(content, f"{FORM}/groups/0/fields"))
    number = min(number, len(at(content, array) or []))
    holder, _slash, word = array.rpartition("/")
    missing: Ops = [] if at(content, array) is not None else [{"op": "add", "path": f"{holder}/{word}", "value": []}]
    return [*missing, {"op": "add", "path": f"{array}/{number}", "value": thing}], f"{array}/{number}"


def rekeyed(group: Raw, taken: set[str]) -> Raw:
    """A group whose fields have keys that are free here, and expressions that name them so.

    A field of a shared group remembers what it is called there (`origin`), so that a newer version finds it again.
    """
    keys: dict[str, str] = {}
    for raw in group.get("fields") or ():
        keys[raw["key"]] = free_key(str(raw["key"]), taken | set(keys.values()))
    changed = {old: new for old, new in keys.items() if old != new}
    content: Raw = {"form": {"groups": [group]}}
    for old, new in changed.items():
        place = next(place for place in fields(content) if place.raw["key"] == old)
        content = {"form": {"groups": [renamed_group(content, place, new)]}}
    made: Raw = content["form"]["groups"][0]
    if group.get("origin"):
        back = {new: old for old, new in changed.items()}
        version = group["origin"]["version"]
        made["fields"] = [
            {**raw, "origin": {"key": back[raw["key"]], "version": version}} if raw["key"] in back else raw
            for raw in made["fields"]
        ]
    return made


def renamed_group(content: Raw, place: Place, key: str) -> Raw:
    """The only group of a content with one of its fields under another key."""
    group = copy.deepcopy(content["form"]["groups"][0])
    whole: Raw = {"form": {"groups": [group]}}
    for op in rename(content, place.pointer, key):
        if op["op"] == "replace":
            array, _slash, last = op["path"].rpartition("/")
            at(whole, array)[last] = op["value"]
    return group


# --- moving ---------------------------------------------------------------------------------------------------------------


def move_to(content: Raw, pointer: str, array: str, number: int) -> tuple[Ops, str]:
    """To a place of an array, as that array is before anything moves. Nothing to do: no operations."""
    source, was = container_of(pointer)
    target = at(content, array)
    if not isinstance(target, list) or array.startswith(f"{pointer}/") or _misfits(content, pointer, array):
        return [], pointer
    number = max(0, min(number, len(target)))
    if source == array:
        number -= number > was
        if number == was:
            return [], pointer
    lands = f"{_after_removal(array, source, was)}/{number}"
    return [*_same(content, pointer), {"op": "move", "from": pointer, "path": lands}], lands


def _misfits(content: Raw, pointer: str, array: str) -> bool:
    """A repeat holds no other repeat, and a group stands among groups only."""
    is_group = container_of(pointer)[0] == f"{FORM}/groups"
    if is_group or array == f"{FORM}/groups":
        return not (is_group and array == f"{FORM}/groups")
    holder = at(content, array.removesuffix("/fields"))
    into_rows = isinstance(holder, dict) and holder.get("type") in ROWS
    return into_rows and at(content, pointer).get("type") in ROWS


def _after_removal(array: str, source: str, was: int) -> str:
    """The pointer of an array once the thing at `was` has left its own: what stood behind it has moved up."""
    if not array.startswith(f"{source}/"):
        return array
    number, slash, rest = array[len(source) + 1 :].partition("/")
    return f"{source}/{int(number) - (int(number) > was)}{slash}{rest}"


def _arrays(content: Raw) -> list[str]:
    return [f"{FORM}/groups/{g}/fields" for g in range(len(groups(content)))]


def step(content: Raw, pointer: str, way: str) -> tuple[Ops, str]:
    """One step `up`, `down`, `into` the repeat just above, or `out` of it. At a group's edge it goes on to the next group."""
    return {"up": _up, "down": _down, "into": _into, "out": _out}[way](content, pointer)


def _up(content: Raw, pointer: str) -> tuple[Ops, str]:
    array, was = container_of(pointer)
    if was > 0:
        return move_to(content, pointer, array, was - 1)
    arrays = _arrays(content)
    if array in arrays and (n := arrays.index(array)) > 0:
        return move_to(content, pointer, arrays[n - 1], len(at(content, arrays[n - 1]) or []))
    return [], pointer


def _down(content: Raw, pointer: str) -> tuple[Ops, str]:
    array, was = container_of(pointer)
    if was + 1 < len(at(content, array)):
        return move_to(content, pointer, array, was + 2)
    arrays = _arrays(content)
    if array in arrays and (n := arrays.index(array)) + 1 < len(arrays):
        return move_to(content, pointer, arrays[n + 1], 0)
    return [], pointer


def _into(content: Raw, pointer: str) -> tuple[Ops, str]:
    array, was = container_of(pointer)
    for number in (was - 1, was + 1):
        beside = at(content, f"{array}/{number}") if number >= 0 else None
        if isinstance(beside, dict) and beside.get("type") in ROWS:
            inner = f"{array}/{number}/fields"
            return move_to(content, pointer, inner, len(beside.get("fields") or []) if number < was else 0)
    return [], pointer


def _out(content: Raw, pointer: str) -> tuple[Ops, str]:
    array, _was = container_of(pointer)
    around = array.removesuffix("/fields")
    place = place_of(content, pointer)
    if place is None or place.row is None:
        return [], pointer
    outer, number = container_of(around)
    return move_to(content, pointer, outer, number + 1)


# --- renaming and removing ------------------------------------------------------------------------------------------------


def rename(content: Raw, pointer: str, key: str) -> Ops:
    """Another key for a field or group, and every expression, check and test that names it rewritten with it.

    The field keeps its former key in `was`, so that what citizens have answered so far goes with it.
    """
    old = at(content, pointer)["key"]
    ops = [*_same(content, pointer), {"op": "replace", "path": f"{pointer}/key", "value": key}]
    place = place_of(content, pointer)
    if place is None or old == key:
        return ops if old != key else []
    former = [one for one in dict.fromkeys([*(place.raw.get("was") or ()), old]) if one != key][-MOST_FORMER:]
    return [
        *ops,
        {"op": "add", "path": f"{pointer}/was", "value": former},
        *_rewritten(content, place, key),
        *_checks_renamed(content, place, key),
        *_tests_with(content, place, key),
    ]


def _rewritten(content: Raw, place: Place, key: str) -> Iterator[dict[str, Any]]:
    old = place.raw["key"]
    for said in [*expressions_asking(content, place)]:
        outside_row = place.row is not None and said.row is not place.row
        row_of = place.row["key"] if outside_row and place.row else ""
        yield {"op": "replace", "path": said.pointer, "value": rename_in(said.expression, old, key, row_of=row_of)}
    for other in fields(content):
        if other.raw.get("of") == old and other.row is place.row:
            yield {"op": "replace", "path": f"{other.pointer}/of", "value": key}


def _checks_renamed(content: Raw, place: Place, key: str) -> Iterator[dict[str, Any]]:
    if place.row is None:
        for pointer, rule in checks_about(content, place.raw["key"]):
            parts = rule["field"].split(".")
            yield {"op": "replace", "path": f"{pointer}/field", "value": ".".join([key, *parts[1:]])}


def remove(content: Raw, pointer: str) -> Ops:
    """A field or group taken out, and its answers out of the tests. Expressions that ask for it are left, and told."""
    place = place_of(content, pointer)
    gone = (
        [place] if place else [p for p in fields(content) if p.pointer.startswith(f"{pointer}/fields/") and not p.row]
    )
    form = content.get("form") or {}
    tests = form.get("tests") or []
    pruned = tests
    for one in gone:
        pruned = [_renamed_in_test(test, one, None) for test in pruned]
    ops = [*_same(content, pointer), {"op": "remove", "path": pointer}]
    return ops + [
        {"op": "replace", "path": f"{FORM}/tests/{n}", "value": now}
        for n, (before, now) in enumerate(zip(tests, pruned, strict=True))
        if before != now
    ]


def _tests_with(content: Raw, place: Place, key: str) -> Iterator[dict[str, Any]]:
    for n, test in enumerate((content.get("form") or {}).get("tests") or ()):
        now = _renamed_in_test(test, place, key)
        if now != test:
            yield {"op": "replace", "path": f"{FORM}/tests/{n}", "value": now}


def _renamed_in_test(test: Raw, place: Place, key: str | None) -> Raw:
    """A test with a field under another key, or without it (`None`)."""
    old = place.raw["key"]
    answers, expect = dict(test["answers"]), test["expect"]
    if place.row is None:
        answers, before = _under(answers, old, key), ""
    else:
        row = place.row["key"]
        before = rf"{row}\.\d+\."
        rows = answers.get(row)
        if isinstance(rows, list):
            answers[row] = [_under(cells, old, key) if isinstance(cells, dict) else cells for cells in rows]
    spot = re.compile(rf"^({before}){old}(?=\.|$)")

    def path(said: str) -> str:
        return spot.sub(rf"\g<1>{key}", said)

    def stays(said: str) -> bool:
        return key is not None or not spot.match(said)

    return {
        **test,
        "answers": answers,
        "expect": {
            "shown": [path(said) for said in expect["shown"] if stays(said)],
            "hidden": [path(said) for said in expect["hidden"] if stays(said)],
            "computed": {path(said): value for said, value in expect["computed"].items() if stays(said)},
            "faults": [{**one, "path": path(one["path"])} for one in expect["faults"] if stays(one["path"])],
        },
    }


def _under(answers: Raw, old: str, key: str | None) -> Raw:
    return {(key if name == old else name): value for name, value in answers.items() if name != old or key is not None}
