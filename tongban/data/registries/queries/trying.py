"""Rules before they are drafted: what is wrong with them, and what they would make of some rows as the lake has them now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongban.data.lake.queries import datasets, datasets_named, reading, table_at
from tongban.data.registries.errors import RegisterRefused
from tongban.data.registries.models import Join, Record
from tongban.data.registries.rules import (
    MERGED,
    definition_faults,
    documents,
    root_of,
    sample_keys,
    sources_of,
    wanted_of,
)
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason

from .records import index_of, register_of

FAULTS = {
    "no_sources": _("至少要有一个来源。"),
    "dataset": _("湖里没有数据集“%(name)s”。"),
    "column": _("来源里没有“%(name)s”这一列。"),
    "twice": _("数据项“%(name)s”重复了。"),
    "key": _("主键“%(name)s”不在数据项之中。"),
    "way": _("数据项“%(name)s”没有说按次序还是取最新。"),
    "no_origin": _("数据项“%(name)s”没有来源。"),
    "not_a_source": _("“%(name)s”不是这个库的来源。"),
    "mask": _("没有“%(name)s”这种脱敏方式。"),
    "name": _("数据项的英文名“%(name)s”只能用小写字母、数字和下划线，以字母开头。"),
    "check": _("没有“%(name)s”这种格式检查。"),
    "search": _("“%(name)s”不在数据项之中，不能按它查找。"),
    "level": _("数据项“%(name)s”的分级不对。"),
    "unmasked": _("数据项“%(name)s”是三级以上，请选怎样脱敏。"),
    "code": _(
        "代码用小写字母、数字和下划线，以字母开头，2到20位；new、rules、amendments、records、conflicts、pairs、returned 不能用。"
    ),
    "taken": _("已经有这个代码的库。"),
    "title": _("请写库的名称，2到100个字。"),
    "key_name": _("主键的英文名只能用小写字母、数字和下划线，以字母开头。"),
    "key_title": _("请写主键的中文名，最多50个字。"),
    "key_check": _("没有这种格式检查。"),
    "department": _("请选管理这个库的部门。"),
    "same": _("名称和管理部门都没有变。"),
    "reason": _("请写明理由，至少四个字。"),
    "day": _("生效日期不能早于今天。"),
    "himself": _("提出的人不能自己同意，请另一位数据平台管理员核对。"),
}
READER = installer("lake.read")
TRIED = 30


@dataclass(frozen=True)
class Tried:
    """One record as it would be: element → entry, beside what it says now (empty: it would be new)."""

    would: dict[str, Any]
    now: dict[str, Any]
    differs: list[str]


def faults_of(content: Mapping[str, Any]) -> list[Reason]:
    """Everything that is wrong with a definition, with the sources as they are in the lake."""
    known = {name: set(one.names) for name, one in datasets_named(list(sources_of(content))).items()}
    return [Reason(code, FAULTS[code] % details, field) for code, field, details in definition_faults(content, known)]


def sources_there() -> list[tuple[str, str, list[str]]]:
    """Datasets a register may be fed from: name, title, columns. Shapes alone."""
    return [(one.key, one.title, list(one.names)) for one in datasets()]


def tried(*, actor: Actor, register: str, content: Mapping[str, Any], most: int = TRIED) -> list[Tried]:
    """What rules would make of some keys, without writing anything. Pages mask it. Refuses rules that are wrong."""
    one = register_of(actor, register)
    if reasons := faults_of(content):
        raise RegisterRefused(reasons=reasons)
    names = list(sources_of(content))
    keys = {name: known.keys for name, known in datasets_named(names).items()}
    with reading(actor=READER, keys=names) as lake:
        tables = {name: table_at(name, lake.version()) for name in names}
        lake.run(*MERGED)
        lay_merged(lake, one.code, now())
        lake.run(wanted_of([sample_keys(content, tables, keys, most=most)]))
        lake.run(*documents(content, tables, keys, day=today().isoformat()))
        found = lake.rows("select key, values from documents where values is not null order by n")
    held = {each.key_index: each for each in Record.objects.filter(
        register=one.code, key_index__in=[index_of(one, row["key"]) for row in found])}  # fmt: skip
    told = []
    for row in found:
        would = json.loads(row["values"])
        kept = held.get(index_of(one, row["key"]))
        before = dict(kept.values) if kept else {}
        differs = [name for name in {**would, **before} if _said(would, name) != _said(before, name)]
        told.append(Tried(would, before, differs))
    return told


def _said(values: Mapping[str, Any], name: str) -> Any:
    return values.get(name, {}).get("value")


@dataclass(frozen=True)
class Merged:
    """What stewards' joins come to: dataset and row → key, and key → key; each to where it leads at last."""

    rows: Mapping[tuple[str, str], str]
    keys: Mapping[str, str]


def merged_by(register: str, until: datetime) -> Merged:
    """As it was at a moment, whatever was merged or parted since. Of two joins of one thing the first holds."""
    standing = Join.objects.filter(Q(undone_at=None) | Q(undone_at__gt=until), register=register, made_at__lte=until)
    rows: dict[tuple[str, str], str] = {}
    keys: dict[str, str] = {}
    for join in standing.order_by("made_at", "id"):
        if "key" in join.what:
            keys.setdefault(join.what["key"], join.into["key"])
        else:
            rows.setdefault((join.what["dataset"], join.what["row_key"]), join.into["key"])
    return Merged({row: root_of(key, keys) for row, key in rows.items()}, {key: root_of(key, keys) for key in keys})


def lay_merged(lake: Any, register: str, until: datetime) -> None:
    """What stewards had merged by a moment into `joined` and `renamed`."""
    merged = merged_by(register, until)
    for old, new in merged.keys.items():
        lake.one("insert into renamed values (?, ?)", [old, new])
    for (dataset, row_key), key in merged.rows.items():
        lake.one("insert into joined values (?, ?, ?)", [dataset, row_key, key])
