"""A data steward brings his department's table into the lake: from a file on his desk to a finished run, each page looked at."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import expect

from .conftest import Meet
from .looker import Looker

RUN = f"{int(time.time()) % 10**6:06d}"  # names of its own, so that it can be told again in the same house
# Invented people (示例); the third has no name, the fourth no day of birth that could be read, the fifth one by the Republic's years.
PEOPLE = """公民身份号码,姓名,出生日期,备注
110101199003070011,李示例,1990-03-07,
110101198501210022,王示例,19850121,
110101200112310033,,2001年12月31日,
110101199909090044,赵示例,九月初九,
110101199003080066,陈示例,民国79年3月8日,
"""


def test_a_steward_brings_a_table_into_the_lake(meet: Meet, tmp_path: Path) -> None:
    steward = meet("health-steward")
    page, looker = steward.page, Looker(steward)
    steward.go("/console/gathering/")
    looker.here("gathering-board-empty")
    steward.press("连接数据来源")
    looker.here("gathering-kinds")
    steward.press("文件（CSV、XLSX、JSON、Parquet）")
    steward.fill({"名称": f"健康档案台账（示例{RUN}）", "文件夹": f"files{RUN}"})
    steward.press("试连一下")
    steward.sees("连接正常")
    looker.here("gathering-connect")
    steward.press("连接并保存")
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    page.get_by_label("文件", exact=True).set_input_files(file)
    steward.press("上传")
    steward.sees("归集 people.csv")
    looker.here("gathering-source")

    steward.press("归集 people.csv")
    looker.here("gathering-mapping")
    steward.fill({"任务名称": f"健康档案（示例{RUN}）", "在湖里的名称": f"health_{RUN}"})
    steward.fill(
        {"“公民身份号码”是主键": True, "“姓名”必填": True, "“备注”来自哪一列": "不归集", "“出生日期”读作什么": "日期"}
    )
    steward.press("拿前100行试一试")
    steward.sees("保留 2 行，隔离 3 行")
    steward.sees("“出生日期”不是日期")
    looker.here("gathering-tried")
    steward.press("建好归集任务")
    looker.here("gathering-job-new")

    steward.press("标准化与校验")
    looker.here("gathering-columns")
    steward.press("出生日期")
    steward.fill({"加一步": "全角变半角：ＡＢ１２ 变成 AB12"})
    steward.press("加上")
    expect(page.locator(".gather-edit > li")).to_have_count(1)
    steward.fill({"加一步": "日期写成一样：1990年3月7日、1990/3/7 变成 1990-03-07"})
    steward.press("加上")
    expect(page.locator(".gather-edit > li")).to_have_count(2)
    steward.press("上移 日期写成一样")
    expect(page.locator(".gather-edit > li").first).to_contain_text("日期写成一样")
    steward.fill({"三位以内的年是民国年，如 79年3月7日": True})
    steward.press("拿前100行看前后")
    steward.sees("看了前 5 行")
    looker.here("gathering-column-tried")
    page.get_by_role("button", name="保存").last.click()
    expect(page.locator("#tb-toast")).to_contain_text("已存为第2版")
    steward.sees("“出生日期”的标准化步骤变了")
    steward.press("比较")
    steward.sees("第2版与第1版相比")
    looker.here("gathering-versions")
    steward.press("拿前100行看效果")
    steward.sees("保留 3 行，隔离 2 行")
    looker.here("gathering-columns-tried")

    steward.press("回到任务")
    steward.press("改字段对应")
    page.get_by_text("来源里还没有归集的列").click()
    steward.fill({"“备注”来自哪一列": "备注"})
    looker.here("gathering-remap")
    page.get_by_role("button", name="看会变什么").last.click()
    steward.sees("“备注”开始归集，来自“备注”")
    looker.here("gathering-remap-confirm")
    steward.press("确认，存为第3版")
    expect(page.locator("#tb-toast")).to_contain_text("已存为第3版")
    looker.here("gathering-job-mapped")
    steward.press("现在归集一次")
    expect(page.locator("#run")).to_contain_text("已完成", timeout=60_000)
    page.reload()
    steward.sees("“姓名”是空的")
    looker.here("gathering-run")
    steward.press("看这些行")
    steward.sees("九月初九")
    looker.here("gathering-bad-rows")
    steward.go("/console/gathering/")
    steward.sees("已按时")
    looker.here("gathering-board")
    assert not looker.faults, "\n".join(looker.faults)
