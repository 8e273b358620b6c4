"""The dictionaries officials keep: what each holds today and from which day it changes, who uses its codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find
from tongban.services.items.models import CodeTable, Synonym
from tongban.services.items.rules.findings import coded
from tongban.services.items.rules.tables import Change, changes_between, meanings, order

from .items import code_tables, in_force_items, packaged_tables

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

VERB = "items.keep_tables"
WORDS = "synonyms"
TITLES: dict[str, Any] = {
    "task_type": gettext_lazy("事项类型"),
    "use_level": gettext_lazy("行使层级"),
    "dept_type": gettext_lazy("实施主体性质"),
    "server_type": gettext_lazy("服务对象"),
    "handle_type": gettext_lazy("办理形式"),
    "project_type": gettext_lazy("办件类型"),
    "special_type": gettext_lazy("特别程序种类"),
    "power_source": gettext_lazy("权力来源"),
    "handle_area": gettext_lazy("通办范围"),
    "result_type": gettext_lazy("审批结果类型"),
    "material_type": gettext_lazy("材料类型"),
    "material_format": gettext_lazy("材料形式"),
    "source_type": gettext_lazy("来源渠道"),
    "is_need": gettext_lazy("材料必要性"),
    "waive_mode": gettext_lazy("免提交方式"),
    "online_depth": gettext_lazy("网上办理深度"),
    "user_topic_type": gettext_lazy("个人主题"),
    "corp_topic_type": gettext_lazy("法人主题"),
    "limit_unit": gettext_lazy("时限单位"),
    WORDS: gettext_lazy("同义说法"),
}
Status = CodeTable.Status


@dataclass(frozen=True)
class Kept:
    """One dictionary at a glance: how many rows hold today, since when, what is to come and what awaits an answer."""

    key: str
    title: str
    count: int
    since: date | None
    coming: CodeTable | None
    waiting: CodeTable | None


def title_of(key: str) -> str:
    if key not in TITLES:
        raise NotFound
    return str(TITLES[key])


def kept_tables(actor: Actor) -> list[Kept]:
    """Every dictionary one may keep. Two queries."""
    permit(actor, VERB)
    versions: dict[str, list[CodeTable]] = defaultdict(list)
    for row in CodeTable.objects.order_by("-effective_on", "-version"):
        versions[row.key].append(row)
    day, tables = today(), code_tables()
    found = []
    for key in TITLES:
        published = [row for row in versions[key] if row.status == Status.PUBLISHED]
        count = len(tables[key]) if key in tables else len(said_today()) if key == WORDS else 0
        since = next((row.effective_on for row in published if row.effective_on <= day), None)
        coming = next((row for row in published if row.effective_on > day), None)
        waiting = next((row for row in versions[key] if row.status == Status.IN_REVIEW), None)
        found.append(Kept(key, title_of(key), count, since, coming, waiting))
    return found


def said_today() -> dict[str, list[str]]:
    """What people say and the words of the catalogue it means, as the search reads it today."""
    kept: Mapping[str, Any] = code_tables().get(WORDS, {})
    return dict(kept) or dict(Synonym.objects.values_list("word", "means"))


def rows_of(key: str, content: Mapping[str, Any]) -> dict[str, str]:
    """A dictionary as it is read and written: one text for each code, in the order of the codes."""
    return {
        code: "、".join(content[code]) if key == WORDS else str(content[code]) for code in sorted(content, key=order)
    }


def content_of_rows(key: str, rows: Mapping[str, str]) -> dict[str, Any]:
    return {code: meanings(name) if key == WORDS else name for code, name in rows.items()}


def standing_rows(key: str) -> dict[str, str]:
    """The rows a new version begins with: the newest published, whether it holds yet or not."""
    newest = CodeTable.objects.filter(key=key, status=Status.PUBLISHED).order_by("-effective_on", "-version").first()
    if newest is not None:
        return rows_of(key, newest.content)
    return rows_of(key, said_today() if key == WORDS else code_tables().get(key, {}))


def rows_before(table: CodeTable) -> dict[str, str]:
    """What held, or was to hold, before this version; for telling what it changes."""
    older = CodeTable.objects.filter(key=table.key, status=Status.PUBLISHED, version__lt=table.version)
    before = older.order_by("-version").first()
    if before is not None:
        return rows_of(table.key, before.content)
    if table.key == WORDS:
        return rows_of(WORDS, dict(Synonym.objects.values_list("word", "means")))
    return rows_of(table.key, packaged_tables().get(table.key, {})) if table.version > 1 else {}


def told_changes(table: CodeTable) -> list[str]:
    """What a version changes, a sentence each."""
    return [told_change(change) for change in changes_between(rows_before(table), rows_of(table.key, table.content))]


def told_change(change: Change) -> str:
    words = {"code": change.code, "before": change.before, "after": change.after}
    sentences = {
        "added": _("增加“%(code)s”：%(after)s"),
        "taken_out": _("去掉“%(code)s”：%(before)s"),
        "renamed": _("“%(code)s”由“%(before)s”改为“%(after)s”"),
    }
    return sentences[change.kind] % words


def table_versions(actor: Actor, key: str) -> list[CodeTable]:
    """Every version of a dictionary, the newest first."""
    permit(actor, VERB)
    title_of(key)
    return list(CodeTable.objects.filter(key=key).order_by("-version"))


def table_for(actor: Actor, table_id: UUID) -> CodeTable:
    permit(actor, VERB)
    return find(CodeTable.objects.filter(key__in=TITLES), pk=table_id)


def tables_waiting(actor: Actor) -> list[CodeTable]:
    """What colleagues handed in and he may answer. One query."""
    if VERB not in actor.grants:
        return []
    rows = CodeTable.objects.filter(status=Status.IN_REVIEW).exclude(drafted_by__in=actor.names)
    return list(rows.order_by("id"))


def fixed_codes(key: str) -> frozenset[str]:
    """Codes of the standard, on which the rules of the house rest."""
    return frozenset() if key == WORDS else frozenset(packaged_tables().get(key, {}))


def uses_of(key: str, days: Iterable[date]) -> dict[str, list[str]]:
    """Code, or name where definitions hold the name, → names of the items in force on one of the days that hold it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for version in (version for day in dict.fromkeys(days) for version in in_force_items(day)):
        for _path, table, value in coded(version.content):
            if table == key:
                for word in value if isinstance(value, list) else [value]:
                    found[word][version.content["task_name"]] = None
    return {word: list(names) for word, names in found.items()}
