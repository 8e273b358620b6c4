"""权力清单, 责任清单, 公共服务清单, 证明事项清单 and the five levels' coverage: views of the same items, none of them stored."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.listing import listed
from tongban.services.items.models import BasicItem, ItemVersion
from tongban.services.items.rules.depth import blocks_of
from tongban.services.items.rules.exchange.cells import shown
from tongban.services.items.rules.listed import name_key

from .items import code_tables, in_force_items

PUBLIC_SERVICE = "20"
FROM_GOVERNMENT = "20"
CERTIFICATE = "1"
POWER, DUTY, SERVICE, PROOF = "power", "duty", "service", "proof"
KINDS: dict[str, Any] = {
    POWER: _("权力清单"), DUTY: _("责任清单"), SERVICE: _("公共服务清单"), PROOF: _("证明事项清单"),
}  # fmt: skip
ABOUT: dict[str, Any] = {
    POWER: _("本区各部门依法行使的行政权力，法律没有授权的不可为。"),
    DUTY: _("每项权力和服务由谁负责、多久办好、向谁投诉。"),
    SERVICE: _("本区各部门和单位提供的公共服务。"),
    PROOF: _("办事时还要用到的、由政府部门开具的证明，以及能不能免交。"),
}
HEADINGS: dict[str, tuple[Any, ...]] = {
    POWER: (_("事项"), _("编码"), _("类型"), _("行使层级"), _("部门"), _("设定依据")),
    SERVICE: (_("事项"), _("编码"), _("类型"), _("行使层级"), _("部门"), _("设定依据")),
    DUTY: (_("事项"), _("编码"), _("类型"), _("行使层级"), _("部门"), _("设定依据"), _("承诺时限"), _("监督投诉电话")),
    PROOF: (
        _("证明"),
        _("编码"),
        _("用在哪个事项"),
        _("行使层级"),
        _("部门"),
        _("要求依据"),
        _("开具单位"),
        _("能否免交"),
    ),
}
GAPS: dict[str, Any] = {
    "no_basis": _("没有写设定依据"),
    "no_guide": _("还没有实施清单"),
    "no_department": _("没有部门"),
    "not_waived": _("不能免交"),
}


@dataclass(frozen=True)
class ListLine:
    """One line of one of the lists: what every list has, and what only this one has (`more`)."""

    name: str
    code: str
    kind: str
    levels: str
    department: str
    basis: str
    url: str = ""
    more: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    codes: tuple[str, ...] = field(default=(), compare=False)  # of levels, for the filter


def list_lines(kind: str) -> list[ListLine]:
    """Every line of a list as it holds today. All of it is public; the gaps are for the console."""
    tables = code_tables()
    if kind in (POWER, SERVICE):
        return [
            _basic_line(row, tables) for row in _basic_rows() if (row.task_type == PUBLIC_SERVICE) == (kind == SERVICE)
        ]
    if kind == DUTY:
        return [_duty_line(version, tables) for version in in_force_items()]
    return [line for version in in_force_items() for line in _proof_lines(version, tables)]


def _basic_rows() -> Iterable[BasicItem]:
    day = today()
    rows = BasicItem.objects.filter(Q(superseded_on=None) | Q(superseded_on__gt=day), effective_on__lte=day)
    return rows.select_related("department", "item").order_by("department__pinyin", "position")


def _basis(laws: Iterable[dict[str, Any]]) -> str:
    return "；".join(f"《{law['law']}》{law.get('clause', '')}" for law in laws)


def _basic_line(row: BasicItem, tables: Any) -> ListLine:
    gaps = {"no_basis": not row.basis, "no_guide": row.item is None, "no_department": row.department is None}
    return ListLine(
        name=row.name,
        code=row.code,
        kind=tables["task_type"].get(row.task_type, ""),
        levels=listed(tables["use_level"].get(level, level) for level in row.levels),
        department=row.department.short_name if row.department else row.line,
        basis=_basis(row.basis),
        url=f"/items/{row.item.code}/" if row.item else "",
        gaps=tuple(name for name, applies in gaps.items() if applies),
        codes=tuple(row.levels),
    )


def _duty_line(version: ItemVersion, tables: Any) -> ListLine:
    item = version.content
    limit = item["promise"]
    return ListLine(
        name=item["task_name"],
        code=version.item.task_code or item["catalog_code"],
        kind=tables["task_type"].get(item["task_type"], ""),
        levels=tables["use_level"].get(item["use_level"], ""),
        department=version.item.department.short_name,
        basis=_basis(item["by_law"]),
        url=f"/items/{version.item.code}/",
        more=(f"{limit['days']}{tables['limit_unit'].get(limit['unit'], '')}", item["complaint_phone"]),
        codes=(item["use_level"],),
    )


def _proof_lines(version: ItemVersion, tables: Any) -> Iterable[ListLine]:
    """What a citizen brings that an office of government gave out: certificates and proofs."""
    item = version.content
    for material in item["materials"]:
        if material["source"] != FROM_GOVERNMENT or material["type"] != CERTIFICATE:
            continue
        waived = listed(tables["waive_mode"].get(mode, mode) for mode in material["waive"])
        yield ListLine(
            name=material["name"],
            code=version.item.task_code or item["catalog_code"],
            kind=item["task_name"],
            levels=tables["use_level"].get(item["use_level"], ""),
            department=version.item.department.short_name,
            basis=material["basis"],
            url=f"/items/{version.item.code}/",
            more=(material["issuing_dept"], waived or "—"),
            gaps=() if waived else ("not_waived",),
            codes=(item["use_level"],),
        )


def fitting(
    lines: list[ListLine], *, text: str = "", department: str = "", level: str = "", gap: str = ""
) -> list[ListLine]:
    """The lines that fit what was asked."""
    wanted = name_key(text)
    return [
        line
        for line in lines
        if (not wanted or wanted in name_key(line.name) or wanted in line.code.casefold())
        and (not department or line.department == department)
        and (not level or level in line.codes)
        and (not gap or gap in line.gaps)
    ]


def facets(lines: list[ListLine]) -> dict[str, list[tuple[str, int]]]:
    """How many lines each department, level and gap has, most first."""
    return {
        "departments": Counter(line.department for line in lines if line.department).most_common(),
        "levels": sorted(Counter(code for line in lines for code in line.codes).items()),
        "gaps": Counter(gap for line in lines for gap in line.gaps).most_common(),
    }


def list_sheet(kind: str, lines: list[ListLine]) -> bytes:
    """A list as a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(KINDS[kind])[:31])
    sheet.append([str(heading) for heading in HEADINGS[kind]])
    for line in lines:
        cells = (line.name, line.code, line.kind, line.levels, line.department, line.basis, *line.more)
        sheet.append([shown(cell) for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class Coverage:
    """How many items one cell stands for, how many have a guide, how many are done wholly online."""

    all: int = 0
    guided: int = 0
    online: int = 0


def coverage(by: str) -> tuple[list[str], list[tuple[str, dict[str, Coverage], Coverage]]]:
    """Levels, and for each type or department (`by`) what each level covers, with the row's own sum; three queries."""
    tables = code_tables()
    online = {version.item_id for version in in_force_items() if not blocks_of(version.content)}
    guided = {version.item_id for version in in_force_items()}
    rows: dict[str, dict[str, Coverage]] = defaultdict(lambda: defaultdict(Coverage))
    sums: dict[str, Coverage] = defaultdict(Coverage)
    for row in _basic_rows():
        name = row.line if by == "department" else tables["task_type"].get(row.task_type, "—")
        for cell in (*(rows[name][level] for level in row.levels), sums[name]):
            cell.all += 1
            cell.guided += row.item_id in guided
            cell.online += row.item_id in online
    levels = [level for level in tables["use_level"] if level in "23456"]
    return levels, [(name, rows[name], sums[name]) for name in sorted(rows, key=lambda name: -sums[name].all)]
