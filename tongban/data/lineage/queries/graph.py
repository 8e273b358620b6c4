"""The graph as it follows from what the rooms have recorded: mappings of jobs, shapes of datasets, the catalogue, readers that told."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongban.data.catalogue.queries import FLOW_TABLES as CATALOGUED
from tongban.data.catalogue.queries import grading_of, parts_for_lineage
from tongban.data.gathering.queries import FLOW_TABLES as GATHERED
from tongban.data.gathering.queries import mappings
from tongban.data.lake.queries import FLOW_TABLES as LAKE
from tongban.data.lake.queries import datasets
from tongban.data.lineage.gateways import mark_of
from tongban.data.lineage.models import Reading
from tongban.data.lineage.rules import Graph, Node, steps_of
from tongban.data.registries.queries import FLOW_TABLES as REGISTERED
from tongban.data.registries.queries import feeds, titles
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.kept import also_forget
from tongban.foundation.organisations.queries import DEPARTMENT_TABLE

from .telling import told_steps

REGISTERS: dict[str, Any] = {  # what forms may read before anybody has founded it
    "population": gettext_lazy("人口库"),
    "legal_persons": gettext_lazy("法人库"),
    "credit": gettext_lazy("信用库"),
}


SOURCES = (*CATALOGUED, *GATHERED, *LAKE, *REGISTERED, Reading._meta.db_table, DEPARTMENT_TABLE)
_kept: dict[str, tuple[str, Graph]] = {}  # language → what it was made from, and the graph: one of each
also_forget(_kept.clear)


def whole_graph() -> Graph:
    """All that flows. Kept in this process and built anew when a row of its `SOURCES`, or the day, has changed; nobody changes it."""
    language, mark = get_language() or "", f"{today()} {mark_of(SOURCES)}"
    kept = _kept.get(language)
    if kept is None or kept[0] != mark:  # asked before it is built: what changes meanwhile is seen by whoever asks next
        kept = _kept[language] = (mark, built_graph())
    return kept[1]


def built_graph() -> Graph:
    """From the rows of a few tables: some ten queries, however much there is."""
    with _all_kept():
        return _built()


@contextmanager
def _all_kept() -> Iterator[None]:
    """Nothing is thrown away while the graph grows; looking for garbage again and again in all of it would take as long as the rest."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _built() -> Graph:
    graph = Graph()
    catalogue = parts_for_lineage()
    _catalogued(graph, catalogue)
    jobs = mappings()
    _lakes(graph, {job.dataset_id: job.columns for job in jobs}, catalogue.graded)
    words: dict[tuple[tuple[str, str], ...], str] = {}
    for job in jobs:
        _gathered(graph, job, words)
    _registered(graph)
    _read(graph)
    return graph


def _catalogued(graph: Graph, told: Any) -> None:
    codes = {}
    for entry in told.systems:
        codes[entry["code"]] = graph.add(Node(f"system:{entry['pk']}", "system", entry["name"], department=entry["office"],
                                              url=f"/console/catalogue/{entry['pk']}/")).id  # fmt: skip
    wholes, given = {}, _("按共享条件提供")
    for entry in told.resources:
        pk, code, office, level = str(entry["pk"]), entry["code"], entry["office"], int(entry["grade"] or 0)
        url = f"/console/catalogue/{pk}/"
        wholes[entry["pk"]] = f"resource:{pk}", f"interface:{pk}", office
        whole = graph.add(Node(f"resource:{pk}", "resource", entry["name"], code, office, url=url, level=level)).id
        if entry["system_code"] in codes:
            graph.join(codes[entry["system_code"]], whole, _("目录登记的来源系统"))
        if "API" in (entry["carriers"] or ()):
            title = _("%(name)s接口") % {"name": entry["name"]}
            graph.add(Node(f"interface:{pk}", "interface", title, code, office, url=url))
            graph.join(whole, f"interface:{pk}", given)
    for item in told.items:
        whole, interface, office = wholes[item["resource_id"]]
        part = f"data_item:{item['pk']}"
        graph.add(Node(part, "data_item", item["name"], item["english"], office, of=whole, level=_level(item)))
        graph.join(part, interface)
    for result in told.results:
        item_code, name = result["item_code"], result["result"]
        whole = graph.add(Node(f"result:{item_code}:{name}", "result", name, result["item_name"], result["office"],
                               url=f"/items/{item_code}/")).id  # fmt: skip
        for pk in told.fed.get((item_code, name), ()):
            graph.join(whole, f"resource:{pk}", _("办结的结果"))


def _level(item: Mapping[str, Any]) -> int:
    return {"important": 5, "core": 6}.get(item["data_class"]) or int(item["grade"] or 0)


def _level_of(column: Mapping[str, Any], item: Mapping[str, Any] | None) -> int:
    """As its data item is graded; where nobody has, as values of it are shown: with care."""
    return (item and _level(item)) or grading_of(column, item).level


def _lakes(graph: Graph, columns: Mapping[Any, list[dict[str, Any]]], items: Mapping[str, Mapping[str, Any]]) -> None:
    known = datasets()
    described = {one.pk: described_columns(one, columns.get(one.pk, ())) for one in known}
    for one in known:
        office, levels = one.department.short_name, {}
        for column in described[one.pk]:
            levels[column["name"]] = _level_of(column, items.get(str(column.get("item") or "")))
        pk, level = str(one.pk), max(levels.values(), default=0)
        whole = f"dataset:{pk}"
        graph.add(
            Node(whole, "dataset", one.title, one.key, office, url=f"/console/lineage/datasets/{pk}/", level=level)
        )
        for column in described[one.pk]:
            name = column["name"]
            graph.add(Node(f"field:{pk}:{name}", "field", column["title"], name, office, of=whole, level=levels[name]))
        if one.resource_id:
            graph.join(whole, f"resource:{one.resource_id}", _("是它的内容"))


def described_columns(dataset: Any, columns: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The columns of a dataset with what its job says of them: title, data item, source."""
    known = {column["name"]: column for column in columns}
    told = [{**known.get(column["name"], {}), **column} for column in dataset.columns]
    return [column | {"title": str(column.get("title") or column["name"])} for column in told]


def _gathered(graph: Graph, job: Any, words: dict[tuple[tuple[str, str], ...], str]) -> None:
    """`words`: what has been said of some steps already."""
    office, table = job.source.department.short_name, f"table:{job.source_id}:{job.table}"
    graph.add(
        Node(table, "table", job.table, job.source.title, office, url=f"/console/gathering/sources/{job.source_id}/")
    )
    if job.source.system_id:
        graph.join(f"system:{job.source.system_id}", table, _("它的一张表"))
    graph.join(table, f"dataset:{job.dataset_id}", job.title)
    content = _("是它的内容")
    if job.resource_id:
        graph.join(f"dataset:{job.dataset_id}", f"resource:{job.resource_id}", content)
    ours, theirs = column_id(job, ""), f"field:{job.dataset_id}:"
    for name in dict.fromkeys([*job.shape, *(column["source"] for column in job.columns)]):
        graph.add(Node(ours + name, "column", name, job.table, office, of=table))
    for column in job.columns:
        field = theirs + column["name"]
        steps = tuple(steps_of(column, is_key=column["name"] in job.keys, newest=column["source"] == job.cursor)[1:])
        how = words.get(steps)
        if how is None:
            how = words[steps] = "；".join(told_steps(steps))
        graph.join(ours + column["source"], field, how)
        if column.get("item"):
            graph.join(field, f"data_item:{column['item']}", content)


def column_id(job: Any, name: str) -> str:
    """The id of a column that a job reads, as other pages name it."""
    return f"column:{job.source_id}:{job.table}:{name}"


def _registered(graph: Graph) -> None:
    """By the rules of one source in force: which column of which dataset an element of a register is taken from, and in what order."""
    fields = {
        (node.note, one.note): one
        for one in graph.nodes.values()
        if one.kind == "field"
        for node in [graph.nodes[one.of]]
    }
    told = feeds()
    levels, highest = _levels_of(told, fields), Counter[str]()
    for (code, _element), level in levels.items():
        highest[code] = max(highest[code], level)
    for one in told:
        code, office, level = one["register"], one["department"], levels[one["register"], one["element"]]
        register = graph.add(
            Node(f"register:{code}", "register", one["register_title"], code, office, level=highest[code])
        ).id
        element = graph.add(Node(f"element:{code}:{one['element']}", "element", one["element_title"], one["register_title"], office,
                                 of=register, level=level)).id  # fmt: skip
        field = fields.get((one["dataset"], one["column"]))
        if field is not None:
            graph.join(field.of, register, _("按一数一源的规则建库"))
            graph.join(field.id, element, _("一数一源：第%(rank)s个来源") % {"rank": one["rank"]})


def _levels_of(told: Iterable[Mapping[str, Any]], fields: Mapping[tuple[str, str], Node]) -> dict[tuple[str, str], int]:
    """(register, element) → its class and grade: as the rules say, else the highest of its columns'."""
    levels: dict[tuple[str, str], int] = {}
    for one in told:
        field, element = fields.get((one["dataset"], one["column"])), (one["register"], one["element"])
        level = one["level"] or (field.level if field else 0)
        levels[element] = max(levels.get(element, 0), level)
    return levels


def _read(graph: Graph) -> None:
    """A field of a form is as sensitive as the element that fills it; the item, as the highest of its fields."""
    readings = list(Reading.objects.select_related("department").order_by("item_code", "field"))
    highest: dict[str, int] = {}
    known = REGISTERS | titles()
    for one in readings:
        title = known.get(one.register, one.register)
        register = graph.add(Node(f"register:{one.register}", "register", str(title), one.register))
        element = graph.add(
            Node(f"element:{one.register}:{one.element}", "element", one.element, register.name, of=register.id)
        )
        highest[one.item_code] = max(highest.get(one.item_code, 0), element.level)
    for one in readings:
        element, office = graph.nodes[f"element:{one.register}:{one.element}"], one.department.short_name
        item = graph.add(Node(f"item:{one.item_code}", "item", one.item_name, one.item_code, office, url=f"/items/{one.item_code}/",
                              level=highest[one.item_code])).id  # fmt: skip
        field = graph.add(Node(f"form_field:{one.item_code}:{one.field}", "form_field", one.label or one.field, one.item_name, office,
                               of=item, level=element.level)).id  # fmt: skip
        graph.join(element.of, item, _("填表时带出"))
        graph.join(element.id, field, _("填表时带出"))
        _given(graph, "form", item, field)
        if one.on_licence:
            _given(graph, "licence", item, field)


def _given(graph: Graph, gives: str, item: str, field: str) -> None:
    """The operations of our own API that give out a field of an item, as one interface."""
    title, way = {
        "form": (_("申请草稿接口"), _("随草稿给出")),
        "licence": (_("证照接口"), _("随证照给出")),
    }[gives]
    operations = "；".join(settings.INTERFACES[gives])
    interface = graph.add(Node(f"interface:{gives}", "interface", title, operations)).id
    graph.join(item, interface, way)
    graph.join(field, interface, way)
