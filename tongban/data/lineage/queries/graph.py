"""The graph as it follows from what the rooms have recorded: mappings of jobs, shapes of datasets, the catalogue, readers that told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.data.catalogue.queries import gradings_of, parts_for_lineage
from tongban.data.gathering.queries import mappings
from tongban.data.lake.queries import datasets
from tongban.data.lineage.models import Reading
from tongban.data.lineage.rules import Graph, Node, steps_of
from tongban.data.registries.queries import feeds

REGISTERS = {
    "population": gettext_lazy("人口库"),
    "legal_persons": gettext_lazy("法人库"),
    "credit": gettext_lazy("信用库"),
}


def whole_graph() -> Graph:
    """All that flows, from the rows of a few tables: some ten queries, however much there is."""
    graph = Graph()
    catalogue = parts_for_lineage()
    _catalogued(graph, catalogue)
    jobs = mappings()
    columns = {str(job.dataset_id): job.columns for job in jobs}
    _lakes(graph, columns)
    for job in jobs:
        _gathered(graph, job)
    _registered(graph)
    _read(graph)
    return graph


def _catalogued(graph: Graph, told: Any) -> None:
    codes = {}
    for entry in told.systems:
        codes[entry.code] = graph.add(Node(f"system:{entry.pk}", "system", entry.name, department=entry.department.short_name,
                                           url=f"/console/catalogue/{entry.pk}/")).id  # fmt: skip
    for entry in told.resources:
        office = entry.department.short_name
        whole = graph.add(Node(f"resource:{entry.pk}", "resource", entry.name, entry.code, office,
                               url=f"/console/catalogue/{entry.pk}/", level=int(entry.grade or 0))).id  # fmt: skip
        if entry.system_code in codes:
            graph.join(codes[entry.system_code], whole, _("目录登记的来源系统"))
        if "API" in entry.published.content.get("carriers", ()):
            graph.add(Node(f"interface:{entry.pk}", "interface", _("%(name)s接口") % {"name": entry.name}, entry.code, office,
                           url=f"/console/catalogue/{entry.pk}/"))  # fmt: skip
            graph.join(whole, f"interface:{entry.pk}", _("按共享条件提供"))
    for item in told.items:
        part = Node(f"data_item:{item.pk}", "data_item", item.name, item.english, item.resource.department.short_name,
                    of=f"resource:{item.resource_id}", level=_level(item))  # fmt: skip
        graph.add(part)
        graph.join(part.id, f"interface:{item.resource_id}")
    for result in told.results:
        whole = graph.add(Node(f"result:{result.item_code}:{result.result}", "result", result.result, result.item_name,
                               result.department.short_name, url=f"/items/{result.item_code}/")).id  # fmt: skip
        for entry in told.fed.get((result.item_code, result.result), ()):
            graph.join(whole, f"resource:{entry.pk}", _("办结的结果"))


def _level(item: Any) -> int:
    return {"important": 5, "core": 6}.get(item.data_class) or int(item.grade or 0)


def _lakes(graph: Graph, columns: dict[str, list[dict[str, Any]]]) -> None:
    known = datasets()
    described = {one.pk: described_columns(one, columns.get(str(one.pk), ())) for one in known}
    every = [column | {"name": f"{pk} {column['name']}"} for pk, told in described.items() for column in told]
    gradings = gradings_of(every)
    for one in known:
        office, levels = one.department.short_name, {}
        for column in described[one.pk]:
            levels[column["name"]] = gradings[f"{one.pk} {column['name']}"].level
        whole = graph.add(Node(f"dataset:{one.pk}", "dataset", one.title, one.key, office, url=f"/console/lineage/datasets/{one.pk}/",
                               level=max(levels.values(), default=0))).id  # fmt: skip
        for column in described[one.pk]:
            name = column["name"]
            graph.add(
                Node(f"field:{one.pk}:{name}", "field", column["title"], name, office, of=whole, level=levels[name])
            )
        if one.resource_id:
            graph.join(whole, f"resource:{one.resource_id}", _("是它的内容"))


def described_columns(dataset: Any, columns: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The columns of a dataset with what its job says of them: title, data item, source."""
    known = {column["name"]: column for column in columns}
    told = [{**known.get(column["name"], {}), **column} for column in dataset.columns]
    return [column | {"title": str(column.get("title") or column["name"])} for column in told]


def _gathered(graph: Graph, job: Any) -> None:
    office, table = job.source.department.short_name, f"table:{job.source_id}:{job.table}"
    graph.add(
        Node(table, "table", job.table, job.source.title, office, url=f"/console/gathering/sources/{job.source_id}/")
    )
    if job.source.system_id:
        graph.join(f"system:{job.source.system_id}", table, _("它的一张表"))
    graph.join(table, f"dataset:{job.dataset_id}", job.title)
    if job.resource_id:
        graph.join(f"dataset:{job.dataset_id}", f"resource:{job.resource_id}", _("是它的内容"))
    for name in job.shape:
        graph.add(Node(column_id(job, name), "column", name, job.table, office, of=table))
    for column in job.columns:
        field = f"field:{job.dataset_id}:{column['name']}"
        graph.add(Node(column_id(job, column["source"]), "column", column["source"], job.table, office, of=table))
        steps = steps_of(column, is_key=column["name"] in job.keys, newest=column["source"] == job.cursor)
        graph.join(column_id(job, column["source"]), field, "；".join(told_steps(steps[1:])))
        if column.get("item"):
            graph.join(field, f"data_item:{column['item']}", _("是它的内容"))


def column_id(job: Any, name: str) -> str:
    """The id of a column that a job reads, as other pages name it."""
    return f"column:{job.source_id}:{job.table}:{name}"


def _registered(graph: Graph) -> None:
    """By the rules of one source in force: which column of which dataset an element of a register is taken from, and in what order."""
    fields = {
        (node.note, one.note): one.id
        for one in graph.nodes.values()
        if one.kind == "field"
        for node in [graph.nodes[one.of]]
    }
    for one in feeds():
        register = graph.add(
            Node(f"register:{one['register']}", "register", one["register_title"], one["register"], one["department"])
        ).id
        element = graph.add(Node(f"element:{one['register']}:{one['element']}", "element", one["element_title"], one["register_title"],
                                 one["department"], of=register)).id  # fmt: skip
        field = fields.get((one["dataset"], one["column"]))
        if field is not None:
            graph.join(graph.nodes[field].of, register, _("按一数一源的规则建库"))
            graph.join(field, element, _("一数一源：第%(rank)s个来源") % {"rank": one["rank"]})


def _read(graph: Graph) -> None:
    for one in Reading.objects.select_related("department").order_by("item_code", "field"):
        title = REGISTERS.get(one.register, one.register)
        register = graph.add(Node(f"register:{one.register}", "register", str(title), one.register)).id
        element = graph.add(
            Node(f"element:{one.register}:{one.element}", "element", one.element, str(title), of=register)
        ).id
        office = one.department.short_name
        item = graph.add(
            Node(f"item:{one.item_code}", "item", one.item_name, one.item_code, office, url=f"/items/{one.item_code}/")
        ).id
        field = graph.add(Node(f"form_field:{one.item_code}:{one.field}", "form_field", one.label or one.field, one.item_name, office,
                               of=item)).id  # fmt: skip
        graph.join(register, item, _("填表时带出"))
        graph.join(element, field, _("填表时带出"))
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


KINDS_TOLD = {
    "text": gettext_lazy("文字"), "integer": gettext_lazy("整数"), "decimal": gettext_lazy("小数"), "number": gettext_lazy("浮点数"),
    "date": gettext_lazy("日期"), "moment": gettext_lazy("日期时间"), "yes_no": gettext_lazy("是否"),
}  # fmt: skip
ALIKE_TOLD = {
    "half_width": gettext_lazy("全角变半角"), "blanks": gettext_lazy("去掉所有空白"), "digits": gettext_lazy("只留数字"),
    "upper": gettext_lazy("字母大写"), "date": gettext_lazy("日期写成一样"), "codes": gettext_lazy("换成代码"),
    "division": gettext_lazy("地址换成区划代码"),
}  # fmt: skip
WORDS_TOLD: Mapping[str, Callable[[str], str]] = {
    "trim": lambda _d: _("去掉首尾空白，空的作没有值"),
    "steps": lambda detail: _("标准化：%(name)s") % {"name": ALIKE_TOLD.get(detail, detail)},
    "read": lambda detail: _("读作%(kind)s") % {"kind": KINDS_TOLD.get(detail, detail)},
    "check": lambda detail: _("校验：%(name)s") % {"name": detail},
    "codes": lambda detail: _("代码集核对（%(count)s个）") % {"count": detail},
    "required": lambda _d: _("必填"),
    "key": lambda _d: _("主键"),
    "newest": lambda _d: _("同一主键取它最大的一行"),
}


def told_steps(steps: Iterable[tuple[str, str]]) -> list[str]:
    """Each step in a few words."""
    return [WORDS_TOLD[code](detail) for code, detail in steps]
