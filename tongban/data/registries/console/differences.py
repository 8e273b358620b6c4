"""What one version of a register's rules says otherwise than another, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tongban.data.registries import queries
from tongban.data.registries.models import Ruling
from tongban.data.registries.rules import columns_of, element_of, key_columns, sources_of
from tongban.foundation.drafting.queries import changes_between
from tongban.foundation.kernel.listing import listed

from .words import CHECKS, LEVELS, MASKS

PARTS = {
    "personal": lazy("主键能认出个人"), "key": lazy("主键"), "search": lazy("主键以外还按哪一项查找"),
    "about": lazy("哪一项是所属人的号码"),
    "link": lazy("找疑似重复时比什么"), "sources": lazy("来源"), "elements": lazy("数据项"),
}  # fmt: skip
FIELDS = {
    "title": lazy("名称"), "key_columns": lazy("哪一列是主键"), "as_of": lazy("哪一列说数据截至哪天"),
    "since": lazy("哪一列说从哪天起为真"),
    "by": lazy("怎样取"), "from": lazy("来源，按次序"), "level": lazy("分级"), "mask": lazy("怎样脱敏"), "tells": lazy("不一致时"),
    "codes": lazy("代码的含义"),
}  # fmt: skip


def differences(older: Ruling, newer: Ruling) -> list[tuple[str, str, str]]:
    """(where, before, after). The order of elements alone is no difference; that of an element's sources is."""
    before, after = (_readable(one.register_id, one.content) for one in (older, newer))
    return [
        (_place(change.path, before if change.kind == "removed" else after), _plain(change.old), _plain(change.new))
        for change in changes_between(before, after)
        if change.kind != "moved"
    ]


def _readable(register: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The rules as a person reads them: rows have a `key`, everything else is words."""
    key, titles = content["key"], {name: one["title"] for name, one in sources_of(content).items()}

    def title_of(name: str) -> str:
        return str((element_of(content, name) or {}).get("title") or name)

    return {
        "personal": _("是") if content.get("personal") else _("否"),
        "key": f"{title_of(key['name'])} · {CHECKS.get(key.get('check', ''), key.get('check', ''))}",
        "search": title_of(content["search"]) if content.get("search") else _("只按主键"),
        "about": title_of(content["about"]) if content.get("about") else "",
        "link": listed(f"{title_of(name)}（{kind}）" for name, kind in (content.get("link") or {}).get("compare", {}).items()),
        "sources": [
            {"key": name, "title": one["title"], "key_columns": listed(key_columns(one)), "as_of": one.get("as_of", ""),
             "since": one.get("since", "")}
            for name, one in sources_of(content).items()
        ],
        "elements": [_element(register, one, titles) for one in content["elements"]],
    }  # fmt: skip


def _element(register: str, one: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": one["name"], "title": one["title"],
        "by": _("取最新的") if one.get("by") == "newest" else _("按次序取"),
        "from": "\n".join(f"{rank}. {_origin(origin, titles)}" for rank, origin in enumerate(one["from"], 1)),
        "level": str(LEVELS.get(str(one.get("level") or ""), one.get("level"))),
        "mask": str(MASKS.get(queries.mask_said(register, one), "")),
        "tells": _("列出来认定") if one.get("tells") else _("不提示"),
        "codes": listed(f"{code} {text}" for code, text in (one.get("codes") or {}).items()),
    }  # fmt: skip


def _origin(origin: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Everything an origin says: its source and columns, then its check and days of its own."""
    more = [CHECKS.get(origin["check"], origin["check"])] if origin.get("check") else []
    more += [f"{FIELDS[name]} {origin[name]}" for name in ("as_of", "since") if origin.get(name)]
    said = f"{titles.get(origin['dataset'], origin['dataset'])} · {listed(columns_of(origin).values())}"
    return f"{said}（{'，'.join(map(str, more))}）" if more else said


def _place(path: str, document: Mapping[str, Any]) -> str:
    part, *rest = path.strip("/").split("/")
    if not rest:
        return str(PARTS.get(part, part))
    row = document[part][int(rest[0])]
    place = f"{PARTS[part]} · {row['title']}"
    return f"{place} · {FIELDS.get(rest[1], rest[1])}" if len(rest) > 1 else place


def _plain(value: Any) -> str:
    """A row that came or went is told by all it says."""
    if isinstance(value, dict):
        return "\n".join(f"{FIELDS[name]}：{text}" for name, text in value.items() if name in FIELDS and text)
    return str(value or "")
