"""A data steward follows a row back to the file it came from, and a column forward to whoever would feel its change."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import expect

from .conftest import Meet
from .looker import Looker

RUN = f"{int(time.time()) % 10**6:06d}"
# Invented people (示例).
PEOPLE = "公民身份号码,姓名,出生日期\n110101199003070011,李示例,1990-03-07\n110101198501210022,王示例,1985-01-21\n"


def test_a_row_is_followed_back_and_a_column_forward(meet: Meet, tmp_path: Path) -> None:
    steward = meet("health-steward")
    page, looker = steward.page, Looker(steward)
    steward.go("/console/gathering/sources/new/?kind=files")
    steward.fill({"名称": f"优待证台账（示例{RUN}）", "文件夹": f"lineage{RUN}"})
    steward.press("连接并保存")
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    page.get_by_label("文件", exact=True).set_input_files(file)
    steward.press("上传")
    steward.press("归集 people.csv")
    steward.fill({"任务名称": f"优待证（示例{RUN}）", "在湖里的名称": f"lineage_{RUN}", "“公民身份号码”是主键": True})
    steward.press("建好归集任务")
    steward.press("现在归集一次")
    expect(page.locator("#run")).to_contain_text("已完成", timeout=60_000)

    steward.go(f"/console/lineage/?q=优待证（示例{RUN}）")
    looker.here("lineage-found")
    page.locator("main tbody th a").first.click()
    steward.sees("血缘图")
    looker.here("lineage-picture")
    steward.press("它变了，谁会受影响")
    looker.here("lineage-impact")
    steward.press("看血缘图")
    steward.press("打开它的页面")
    looker.here("lineage-dataset")
    steward.fill({"公民身份号码": "110101198501210022"})
    steward.press("按主键查一行")
    looker.here("lineage-rows")
    page.locator("main tbody th a").last.click()
    steward.sees("part-000001.parquet 的第2行")
    looker.here("lineage-row")
    steward.go("/console/lineage/assets/")
    steward.sees(f"优待证（示例{RUN}）")
    looker.here("lineage-assets")
    assert not looker.faults, "\n".join(looker.faults)
