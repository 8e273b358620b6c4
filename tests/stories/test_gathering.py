"""A data steward brings his department's table into the lake: from a file on his desk to a finished run, each page looked at."""

from __future__ import annotations

import json
import time
from pathlib import Path

from playwright.sync_api import expect

from tongban.data.gathering.tests.shelves import OpenSSH, openssh
from tongban.data.gathering.tests.test_stores import workbook

from .conftest import Meet
from .looker import Looker

__all__ = ["openssh"]
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


def test_a_steward_gathers_a_sheet_and_a_large_file_from_another_server(meet: Meet, openssh: OpenSSH) -> None:
    openssh.put("名册.xlsx", workbook({"说明": ["本表由示例部门提供"], "二月": ["编号", "姓名"]}))
    openssh.put("空的.csv", "")
    openssh.put("全部.json", json.dumps([{"编号": at, "备注": "示例" * 20} for at in range(60_000)]))
    steward = meet("health-steward")
    page, looker = steward.page, Looker(steward)
    steward.go("/console/gathering/sources/new/?kind=sftp")
    steward.press("连接并保存")
    steward.sees("请填“账号”。")
    looker.here("gathering-sftp-refused")
    account = {
        "名称": f"前置机（示例{RUN}）",
        "主机": "127.0.0.1",
        "端口": str(openssh.port),
        "文件夹": str(openssh.folder),
    }
    steward.fill({**account, "账号": openssh.secret["user"], "私钥": openssh.secret["key"]})
    steward.press("试连一下")
    steward.sees(openssh.mark)  # nothing is said to it before somebody has compared its key
    steward.fill({"主机密钥指纹": openssh.mark})
    steward.press("试连一下")
    steward.sees("看到 3 个文件")
    looker.here("gathering-sftp")
    steward.press("连接并保存")
    steward.press("归集 空的.csv")
    steward.sees("文件“空的.csv”是空的")
    page.go_back()

    steward.press("归集 全部.json")
    steward.sees("正在后台取来")
    looker.here("gathering-coming")
    expect(page.get_by_label("“编号”是主键")).to_be_visible(timeout=60_000)
    page.go_back()

    steward.press("归集 名册.xlsx")
    steward.fill({"工作簿里的哪一张表": "二月"})
    steward.press("看这一张")
    steward.fill({"任务名称": f"名册（示例{RUN}）", "在湖里的名称": f"sheet_{RUN}", "“编号”是主键": True})
    looker.here("gathering-sheet")
    steward.press("拿前100行试一试")
    steward.sees("保留 1 行")
    steward.press("建好归集任务")
    steward.press("现在归集一次")
    expect(page.locator("#run")).to_contain_text("已完成", timeout=60_000)

    openssh.put("名册.xlsx", workbook({"三月": ["编号", "姓名"]}))
    steward.go("/console/gathering/")
    steward.press(f"名册（示例{RUN}）")
    steward.press("现在归集一次")
    expect(page.locator("#run")).to_contain_text("没有“二月”这张表了", timeout=60_000)
    looker.here("gathering-sheet-gone")
    steward.press("放弃这一次")
    assert not looker.faults, "\n".join(looker.faults)
