"""A department's data from a fault to its end: rule, trial, check, quarantine, ticket, corrected at the source, closed."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import expect

from .conftest import Meet
from .looker import Looker
from .people import Visitor

RUN = f"{int(time.time()) % 10**6:06d}"  # names of its own, so that it can be told again in the same house
TITLE = f"签约居民（示例{RUN}）"
HEAD = "档案号,姓名,联系电话,签约日期\n"
WELL = "d1,李示例,13900000001,2026-03-07\nd2,王示例,13900000002,2026-04-01\n"
# The third has no name, the fourth a telephone that is none.
FAULTY = f"{HEAD}{WELL}d3,,13900000003,2026-05-01\nd4,赵示例,8265000,2026-06-01\n"
CORRECTED = f"{HEAD}{WELL}d3,孙示例,13900000003,2026-05-01\nd4,赵示例,13900000004,2026-06-01\n"


def test_a_fault_is_found_corrected_at_its_source_and_closed(meet: Meet, tmp_path: Path) -> None:
    steward, platform, supervisor = meet("health-steward"), meet("data-admin"), meet("supervisor")
    looker = Looker(steward)
    job = _gathered(steward, tmp_path)

    steward.go("/console/quality/")
    looker.here("quality-board")
    steward.press(TITLE)
    steward.sees("还没有规则")
    _rule(steward, looker, "不能空", {"规则名称": "姓名不能空", "姓名": True}, "看了 4 行，查出 1 行有问题")
    _rule(
        steward, looker, "格式",
        {"规则名称": "电话要能打通", "看哪一列": "联系电话", "常用格式": "手机号码", "级别": "警告"}, "看了 4 行，查出 1 行有问题",
    )  # fmt: skip
    looker.here("quality-dataset-rules")
    steward.press("现在检查")
    expect(steward.page.locator("#check")).to_contain_text("已完成", timeout=120_000)
    steward.page.reload()
    looker.here("quality-check")
    steward.press(re.compile("看规则.*的行"))
    steward.sees("隔离区")
    looker.here("quality-rows")
    check = steward.page.url

    steward.go("/console/quality/tickets/")
    looker.here("quality-tickets")
    steward.press("姓名不能空")
    looker.here("quality-ticket")
    ticket = steward.page.url
    steward.press("已改好并重新归集")
    steward.sees("还有 1 行有问题")
    looker.here("quality-ticket-refused")

    _upload(steward, tmp_path, CORRECTED, at=job)
    steward.go(ticket)
    steward.fill({"说明": "已按纸质档案补录"})
    steward.press("已改好并重新归集")
    steward.sees("待核对")

    platform.go(ticket)
    platform.press("再查一次并办结")
    platform.sees("已办结")
    looking = Looker(platform)
    looking.here("quality-ticket-closed")
    platform.go("/console/quality/")
    looking.here("quality-board-platform")

    steward.go("/console/quality/")
    steward.press(TITLE)
    expect(steward.page.locator("main")).to_contain_text("100.0", timeout=120_000)
    looker.here("quality-dataset")
    steward.press("姓名不能空")
    steward.sees("每次查出多少")
    looker.here("quality-rule")

    overseer = Looker(supervisor)
    supervisor.go("/console/quality/")
    overseer.here("quality-board-supervisor")
    supervisor.go(check)
    expect(supervisor.page.get_by_role("button", name=re.compile("看规则"))).to_have_count(0)
    supervisor.go("/console/quality/reports/")
    overseer.here("quality-reports")
    supervisor.press(re.compile(r"区卫健局"))
    supervisor.sees("数据质量月报")
    overseer.here("quality-report")
    faults = [*looker.faults, *looking.faults, *overseer.faults]
    assert not faults, "\n".join(faults)


def _gathered(steward: Visitor, folder: Path) -> str:
    """The department's file in the lake; the address of its job."""
    steward.go("/console/gathering/sources/new/?kind=files")
    steward.fill({"名称": f"签约台账（示例{RUN}）", "文件夹": f"quality{RUN}"})
    steward.press("连接并保存")
    source = steward.page.url
    _upload(steward, folder, FAULTY, at="")
    steward.press("归集 signed.csv")
    steward.fill({"任务名称": TITLE, "在湖里的名称": f"signed_{RUN}", "“档案号”是主键": True})
    steward.press("建好归集任务")
    job = steward.page.url
    _gather(steward)
    return f"{source} {job}"


def _upload(steward: Visitor, folder: Path, text: str, *, at: str) -> None:
    """The file to its source; where there is a job already, gathered anew."""
    source, _space, job = at.partition(" ")
    if source:
        steward.go(source)
    file = folder / "signed.csv"
    file.write_text(text)
    steward.page.get_by_label("文件", exact=True).set_input_files(file)
    steward.press("上传")
    steward.sees("signed.csv")
    if job:
        steward.go(job)
        _gather(steward)


def _gather(steward: Visitor) -> None:
    steward.press("现在归集一次")
    expect(steward.page.locator("#run")).to_contain_text("已完成", timeout=120_000)


def _rule(steward: Visitor, looker: Looker, kind: str, said: dict[str, object], found: str) -> None:
    steward.press("添加规则")
    if kind == "不能空":
        looker.here("quality-kinds")
    steward.page.locator("main").get_by_role("link", name=kind, exact=True).click()
    steward.fill(said)
    steward.press("先试试会查出什么")
    steward.sees(found)
    looker.here(f"quality-rule-{'null' if kind == '不能空' else 'format'}")
    steward.press("保存规则")
    steward.sees(str(said["规则名称"]))
