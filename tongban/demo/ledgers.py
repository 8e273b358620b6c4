"""Invented ledgers for the registers of e-licences, credit and the economy (示例): departments that agree, and where they do not.

What must come of it is told beside: `Ledgers.credit_conflicts`, `figure_conflicts`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from .departments import SEEN, City, Row
from .rules import standing_credit

_PERMITS = (
    "证照类型代码", "证照类型", "许可证编号", "经营者", "经营者代码", "持证主体类别", "发证机关", "发证日期", "有效期至", "证照状态",
    "更新日期",
)  # fmt: skip
_MARKS = (
    "记录编号", "主体名称", "主体代码", "信息类别", "事由", "文书号", "认定单位", "认定日期", "截止日期", "修复状态", "异议状态",
    "更新日期",
)  # fmt: skip
_FIGURES = ("指标代码", "指标名称", "时期", "区划", "数值", "计量单位", "修订", "更新日期")
LEDGERS = {
    "food": _PERMITS, "freight": _PERMITS, "credit": _MARKS, "penalties": _MARKS, "statistics": _FIGURES, "monitoring": _FIGURES,
}  # fmt: skip
FOOD, FREIGHT = (
    ("11510000LA5100018L002", "食品经营许可证", "区市监局"),
    ("11510000LA5100018L009", "道路运输经营许可证", "区交通运输局"),
)
PENALTIES = ("未按规定公示价格（示例）", "逾期未年报（示例）", "标签不符合规定（示例）", "占道经营（示例）")
# Indicator → title, unit, what it is like, how much it grows a quarter.
INDICATORS = {
    "GDP": ("地区生产总值", "亿元", 96.0, 0.015),
    "IND": ("规模以上工业增加值", "亿元", 31.0, 0.012),
    "INV": ("固定资产投资", "亿元", 42.0, 0.02),
    "RET": ("社会消费品零售总额", "亿元", 58.0, 0.018),
    "REV": ("一般公共预算收入", "亿元", 4.6, 0.01),
    "INC": ("居民人均可支配收入", "元", 9_800.0, 0.02),
    "CPI": ("居民消费价格指数", "上年同期=100", 100.6, 0.0),
    "JOB": ("城镇新增就业", "人", 1_450.0, 0.005),
}
PLACES = ("511602000000", "511602001000", "511602101000")


@dataclass
class Ledgers:
    """The tables, and which keys two of their sources must be found to differ over."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in LEDGERS})
    credit_conflicts: set[str] = field(default_factory=set)
    figure_conflicts: set[str] = field(default_factory=set)


def ledgers(city: City, *, seed: int = 5116) -> Ledgers:
    """The same for the same city: permits of a part of its firms, credit records, and the economy's figures by quarter."""
    made, chance = Ledgers(), random.Random(seed)  # noqa: S311 — invented
    for number, firm in enumerate(city.tables["market"]):
        if "餐馆" in firm["名称"] or "便利店" in firm["名称"]:
            made.tables["food"].append(_permit(chance, firm, FOOD, f"JY25116020{number:06d}"))
        elif "汽修" in firm["名称"]:
            made.tables["freight"].append(_permit(chance, firm, FREIGHT, f"川交运管许可广字{number:06d}号"))
        if chance.random() < 0.25:
            _penalised(made, chance, number, firm)
    for mark in standing_credit():
        made.tables["credit"].append(
            {"记录编号": mark["no"], "主体名称": mark["subject_name"], "主体代码": mark["subject_number"], "信息类别": mark["kind"],
             "事由": mark["matter"], "文书号": "", "认定单位": "示例", "认定日期": mark["since"], "截止日期": "", "修复状态": "none",
             "异议状态": "none", "更新日期": str(SEEN)}
        )  # fmt: skip
    _figures(made, chance)
    return made


def _permit(chance: random.Random, firm: Row, kind: tuple[str, str, str], number: str) -> Row:
    issued = SEEN - timedelta(days=chance.randint(60, 2500))
    until = date(issued.year + 5, issued.month, min(issued.day, 28))
    return {
        "证照类型代码": kind[0], "证照类型": kind[1], "许可证编号": number, "经营者": firm["名称"], "经营者代码": firm["统一社会信用代码"],
        "持证主体类别": "company", "发证机关": kind[2], "发证日期": str(issued), "有效期至": str(until),
        "证照状态": "expired" if until < SEEN else "cancelled" if chance.random() < 0.05 else "valid", "更新日期": str(SEEN),
    }  # fmt: skip


def _penalised(made: Ledgers, chance: random.Random, number: int, firm: Row) -> None:
    """A penalty stands in the office's own ledger; the credit platform has it too, and sometimes has not heard yet that it was mended."""
    since = SEEN - timedelta(days=chance.randint(30, 1000))
    no, kind = f"XY5116022026{number:05d}", "grave_penalty" if chance.random() < 0.2 else "penalty"
    row = {
        "记录编号": no, "主体名称": firm["名称"], "主体代码": firm["统一社会信用代码"], "信息类别": kind,
        "事由": chance.choice(PENALTIES), "文书号": f"广区市监罚〔{since.year}〕{number}号", "认定单位": "区市监局",
        "认定日期": str(since), "截止日期": str(since + timedelta(days=3 * 365)), "修复状态": chance.choice(("none", "asked", "done")),
        "异议状态": "open" if chance.random() < 0.1 else "none", "更新日期": str(SEEN - timedelta(days=chance.randint(0, 20))),
    }  # fmt: skip
    made.tables["penalties"].append(row)
    if chance.random() < 0.8:
        late = row["修复状态"] == "done" and chance.random() < 0.5
        made.tables["credit"].append(row | ({"修复状态": "asked"} if late else {}) | {"更新日期": str(SEEN)})
        if late:
            made.credit_conflicts.add(no)


def _figures(made: Ledgers, chance: random.Random) -> None:
    for code, (title, unit, start, growth) in INDICATORS.items():
        for place_no, place in enumerate(PLACES):
            value = start * (1 if place_no == 0 else 0.11)
            for quarter in range(16):
                year, part = divmod(quarter, 4)
                period = f"{2022 + year}Q{part + 1}"
                if period > "2026Q3":
                    break
                value *= 1 + growth + chance.uniform(-0.02, 0.02)
                out = date(2022 + year + (part == 3), (part + 1) * 3 % 12 + 1, 20)
                row = {
                    "指标代码": code, "指标名称": title, "时期": period, "区划": place, "数值": f"{value:.2f}", "计量单位": unit,
                    "修订": "final" if year < 3 else "first", "更新日期": str(out),
                }  # fmt: skip
                made.tables["statistics"].append(row)
                if place_no == 0 and code in ("GDP", "INV", "REV"):
                    other = dict(row)
                    if chance.random() < 0.15:
                        other["数值"] = f"{value * 1.03:.2f}"
                        made.figure_conflicts.add(f"{code}|{period}|{place}")
                    made.tables["monitoring"].append(other)
