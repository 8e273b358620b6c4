"""Situation tree, form and flow as rows and back: a row repeats in its first columns what its group has in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .cells import Misread

Row = dict[str, Any]  # elements by column path; what is empty is not there
Numbered = list[tuple[int, Row]]  # the same with the number of the line it stands in

GROUP_TEXT, FIELD_TEXT = (
    ("key", "title", "hint", "show_if"),
    ("key", "label", "type", "required", "hint", "show_if", "element"),
)


def situation_rows(tree: list[Mapping[str, Any]], parent: str = "") -> Iterator[Row]:
    """One row an option; `parent` is the answer (`key=value`) a question follows."""
    for question in tree:
        for option in question["options"]:
            row = {"parent": parent, "key": question["key"], "question": question["question"]}
            row |= {"hint": question.get("hint"), "value": option["value"], "label": option["label"]}
            row |= {"option_hint": option.get("hint"), "stop": option.get("stop"), "promise": option.get("promise")}
            yield row
            yield from situation_rows(option.get("then", []), f"{question['key']}={option['value']}")


def tree_of(rows: Numbered) -> list[Row]:
    """The tree the rows tell, questions and options in their order. `Misread` for a parent that is no answer."""
    tree: list[Row] = []
    questions: dict[str, Row] = {}
    answers: dict[str, Row] = {}
    for _, row in rows:
        key, parent = row.get("key", ""), row.get("parent", "")
        question = questions.get(key)
        if question is None:
            question = questions[key] = {"key": key, "question": row.get("question", ""), "options": []}
            if "hint" in row:
                question["hint"] = row["hint"]
            _siblings(tree, answers, parent).append(question)
        option: Row = {name: row[name] for name in ("value", "label", "stop", "promise") if name in row}
        if "option_hint" in row:
            option["hint"] = row["option_hint"]
        question["options"].append(option)
        answers[f"{key}={row.get('value', '')}"] = option
    return tree


def _siblings(tree: list[Row], answers: Mapping[str, Row], parent: str) -> list[Row]:
    """Where a question hangs: at the root, or under the answer it follows."""
    if not parent:
        return tree
    if parent not in answers:
        raise Misread("no_such_answer", parent)
    then: list[Row] = answers[parent].setdefault("then", [])
    return then


def field_rows(form: Mapping[str, Any]) -> Iterator[Row]:
    """One row a field; a group without fields has one row of its own."""
    for group in form.get("groups", []):
        shared = {f"group.{name}": group.get(name) for name in GROUP_TEXT}
        shared["group.rest"] = _rest(group, (*GROUP_TEXT, "fields", "checks"))
        for field in group.get("fields", []) or [{}]:
            own = {f"field.{name}": field.get(name) for name in FIELD_TEXT}
            yield {**shared, **own, "field.rest": _rest(field, FIELD_TEXT)}


def check_rows(form: Mapping[str, Any]) -> Iterator[Row]:
    """The checks of every group, then those of the form, whose group is empty."""
    whole: list[Mapping[str, Any]] = [*form.get("groups", []), {"key": "", "checks": form.get("checks", [])}]
    for group in whole:
        for check in group.get("checks", []):
            shown = {name: check.get(name) for name in ("expr", "field", "message")}
            yield {"group": group["key"], **shown, "rest": _rest(check, ("expr", "field", "message"))}


def groups_of(fields: Numbered, checks: Numbered) -> tuple[list[Row], list[Row]]:
    """The form's groups with their fields and checks, and the checks of the form. `Misread` for a group that is not there."""
    groups: dict[str, Row] = {}
    for _, row in fields:
        key = row.get("group.key", "")
        if key not in groups:
            groups[key] = {**_part(row, "group"), "fields": [], "checks": []}
        if field := _part(row, "field"):
            groups[key]["fields"].append(field)
    of_form: list[Row] = []
    for _, row in checks:
        check = {name: row[name] for name in ("expr", "field", "message") if name in row} | row.get("rest", {})
        key = row.get("group", "")
        if key and key not in groups:
            raise Misread("no_such_group", key)
        (groups[key]["checks"] if key else of_form).append(check)
    return list(groups.values()), of_form


def stage_rows(stages: list[Mapping[str, Any]]) -> Iterator[Row]:
    """One row a part of a stage."""
    names = ("key", "name", "kind", "limit_days", "when", "standard")
    for stage in stages:
        shared = {name: stage.get(name) for name in names} | {"rest": _rest(stage, (*names, "parts"))}
        for part in stage.get("parts", []) or [{}]:
            own = {f"part.{name}": part.get(name) for name in ("department", "post", "opinion")}
            yield {**shared, **own, "part.rest": _rest(part, ("department", "post", "opinion"))}


def stages_of(rows: Numbered) -> list[Row]:
    """The stages in their order; rows with one key are the parts of one stage."""
    stages: dict[str, Row] = {}
    for _, row in rows:
        key = row.get("key", "")
        if key not in stages:
            stage = {name: value for name, value in row.items() if "." not in name and name != "rest"}
            stages[key] = {**stage, **row.get("rest", {}), "parts": []}
        if part := _part(row, "part"):
            stages[key]["parts"].append(part)
    return list(stages.values())


def _rest(whole: Mapping[str, Any], named: tuple[str, ...]) -> Row:
    """What has no column of its own, and what its column could not give back as it is."""
    return {name: value for name, value in whole.items() if name not in named}


def _part(row: Row, prefix: str) -> Row:
    """The elements of one kind in a row, with those that have no column."""
    found = {name.partition(".")[2]: value for name, value in row.items() if name.startswith(f"{prefix}.")}
    rest = found.pop("rest", {})
    return {**found, **rest}
