"""A draft of rules as the editor shows it: rows with what each button does, places in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.foundation.drafting.queries import changes_of, content_key

PARTS = {
    "title": gettext_lazy("规则名称"),
    "sample_share": gettext_lazy("抽检比例"),
    "inputs": gettext_lazy("数据项"),
    "derived": gettext_lazy("计算项"),
    "checks": gettext_lazy("核对规则"),
    "tables": gettext_lazy("决策表"),
    "tests": gettext_lazy("测试用例"),
    "refusal": gettext_lazy("不予的依据"),
}
SOURCES = {
    "answers": gettext_lazy("申请表"),
    "situation": gettext_lazy("办理情形"),
    "applicant": gettext_lazy("申请人"),
    "population": gettext_lazy("人口库"),
    "legal_persons": gettext_lazy("法人库"),
    "licences": gettext_lazy("电子证照"),
    "credit": gettext_lazy("信用记录"),
    "earlier": gettext_lazy("以前的办件"),
    "quota": gettext_lazy("名额"),
}
TYPES = {"text": gettext_lazy("文字"), "number": gettext_lazy("数字"), "date": gettext_lazy("日期"),
         "boolean": gettext_lazy("是否"), "list": gettext_lazy("清单")}  # fmt: skip
OUTCOMES = {"grant": gettext_lazy("准予"), "person": gettext_lazy("转人工"), "refuse": gettext_lazy("不予")}
FRESH: dict[str, dict[str, Any]] = {
    "inputs": {"label": "", "source": "answers", "take": "", "type": "text"},
    "derived": {"label": "", "type": "number", "expr": ""},
    "checks": {"label": "", "expr": "", "otherwise": "person", "article": "", "sentence": ""},
    "tables": {"title": "", "hit": "first", "columns": [], "rows": []},
    "tests": {"name": "", "expect": "grant", "values": {}},
    "columns": {"input": "today"},
    "rows": {"cells": {}, "outcome": "person", "article": "", "sentence": ""},
}
LETTERS = {"inputs": "x", "derived": "v", "checks": "k", "tables": "t", "columns": "c", "rows": "r"}


def rows_of(value: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name)
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []


def describe(path: str, content: Any) -> str:
    """`/tables/0/rows/2/outcome` → 决策表1 第3行."""
    steps = path.strip("/").split("/")
    words = str(PARTS.get(steps[0], ""))
    if len(steps) > 1 and steps[1].isdigit():
        words += f" {int(steps[1]) + 1}"
    if len(steps) > 3 and steps[3].isdigit():
        kind = _("第%(number)d行") if steps[2] == "rows" else _("第%(number)d列")
        words += " " + kind % {"number": int(steps[3]) + 1}
    return words


def link(draft_id: UUID, path: str) -> str:
    return reverse("console-rules", args=[content_key(draft_id)]) + f"edit/#{path.strip('/').replace('/', '-')}"


def differences(draft: Any) -> list[dict[str, str]]:
    """What the reviewer must look at: place, before, after."""
    return [
        {"place": describe(change.path, draft.content), "old": _short(change.old), "new": _short(change.new)}
        for change in changes_of(draft)
    ]


def _short(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:200] + "…"


def _new_key(rows: list[dict[str, Any]], letter: str) -> str:
    numbers = [int(found[1]) for row in rows if (found := re.fullmatch(letter + r"(\d{1,6})", str(row.get("key", ""))))]
    return f"{letter}{max(numbers, default=0) + 1}"


def _add(path: str, name: str, rows: list[dict[str, Any]]) -> str:
    value = dict(FRESH[name])
    if name in LETTERS:
        value = {"key": _new_key(rows, LETTERS[name]), **value}
    return _ops({"op": "add", "path": f"{path}/-", "value": value})


def _ops(*ops: dict[str, Any]) -> str:
    return json.dumps(ops, ensure_ascii=False)


def _buttons(path: str, at: int, count: int) -> dict[str, str]:
    here = f"{path}/{at}"
    return {
        "path": here,
        "remove": _ops({"op": "remove", "path": here}),
        "before": _ops({"op": "move", "from": here, "path": f"{path}/{at - 1}"}) if at else "",
        "after": _ops({"op": "move", "from": here, "path": f"{path}/{at + 1}"}) if at + 1 < count else "",
    }


def _listed(content: Mapping[str, Any], name: str, path: str = "") -> list[dict[str, Any]]:
    rows = rows_of(content, name)
    return [{"row": row, **_buttons(f"{path}/{name}", at, len(rows))} for at, row in enumerate(rows)]


def editor_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the editor's template walks through."""
    names = [
        {"key": str(one.get("key", "")), "label": str(one.get("label") or one.get("key", "")), "type": one.get("type")}
        for part in ("inputs", "derived")
        for one in rows_of(content, part)
    ]
    return {
        "content": content,
        "inputs": _listed(content, "inputs"),
        "derived": _listed(content, "derived"),
        "checks": _listed(content, "checks"),
        "tables": [_table(one, at) for at, one in enumerate(_listed(content, "tables"))],
        "tests": [one | {"cells": _given(one)} for one in _tests(content)],
        "add": {name: _add(f"/{name}", name, rows_of(content, name))
                for name in ("inputs", "derived", "checks", "tables", "tests")},
        "names": [{"key": "today", "label": _("办理当天"), "type": "date"}, *names],
        "sources": SOURCES.items(), "types": TYPES.items(), "outcomes": OUTCOMES.items(),
        "begin_refusal": _ops({"op": "add", "path": "/refusal", "value": {"law": "", "appeal": ""}}),
        "end_refusal": _ops({"op": "add", "path": "/refusal", "value": None}),
    }  # fmt: skip


def _tests(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one | {"inputs": rows_of(content, "inputs")} for one in _listed(content, "tests")]


def _given(test: Mapping[str, Any]) -> list[dict[str, Any]]:
    values = test["row"].get("values") if isinstance(test["row"].get("values"), dict) else {}
    return [
        {"label": one.get("label") or one.get("key"), "type": one.get("type") or "text",
         "path": f"{test['path']}/values/{one.get('key')}", "value": values.get(one.get("key", ""))}
        for one in test["inputs"]
    ]  # fmt: skip


def _table(one: dict[str, Any], at: int) -> dict[str, Any]:
    table, path = one["row"], one["path"]
    columns = _listed(table, "columns", path)
    rows = [
        row | {"cells": [_cell(row, column) for column in columns], "number": number}
        for number, row in enumerate(_listed(table, "rows", path), start=1)
    ]
    return one | {
        "number": at + 1, "columns": columns, "rows": rows,
        "add_column": _add(f"{path}/columns", "columns", rows_of(table, "columns")),
        "add_row": _add(f"{path}/rows", "rows", rows_of(table, "rows")),
    }  # fmt: skip


def _cell(row: dict[str, Any], column: dict[str, Any]) -> dict[str, Any]:
    cells = row["row"].get("cells") if isinstance(row["row"].get("cells"), dict) else {}
    key = str(column["row"].get("key", ""))
    return {"path": f"{row['path']}/cells/{key}", "value": cells.get(key, ""), "input": column["row"].get("input", "")}


def whole_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """A rule set to read: every part in words, tables with the names of their columns."""
    names = {
        str(one.get("key")): str(one.get("label") or one.get("key"))
        for part in ("inputs", "derived")
        for one in rows_of(content, part)
    }
    names["today"] = _("办理当天")
    inputs = [
        one | {"source": SOURCES.get(one.get("source", ""), ""), "of": names.get(str(one.get("of")), "")}
        for one in rows_of(content, "inputs")
    ]
    checks = [one | {"outcome": OUTCOMES.get(one.get("otherwise", ""), "")} for one in rows_of(content, "checks")]
    return {
        "inputs": inputs,
        "derived": rows_of(content, "derived"),
        "checks": checks,
        "tables": [_readable(one, names) for one in rows_of(content, "tables")],
        "refusal": content.get("refusal"),
        "share": content.get("sample_share"),
    }


def _readable(table: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    columns = rows_of(table, "columns")
    rows = [
        row | {"outcome": OUTCOMES.get(row.get("outcome", ""), ""),
               "cells": [(row.get("cells") or {}).get(str(column.get("key")), "") for column in columns]}
        for row in rows_of(table, "rows")
    ]  # fmt: skip
    return {
        "title": table.get("title", ""),
        "collects": table.get("hit") == "collect",
        "names": [names.get(str(one.get("input")), "") for one in columns],
        "rows": rows,
    }
