"""The base registers at work: a steward decides where sources differ and merges a duplicate, two administrators change a rule, a clerk
looks somebody up, and a department answers what was sent back to it."""

from __future__ import annotations

from playwright.sync_api import expect

from tongban.demo.identities import identities

from .conftest import Meet
from .looker import Looker
from .people import Visitor

HOME = "/console/registers/"
SOON = 90_000  # what is built in the background


def test_registers_are_kept_changed_and_looked_into(meet: Meet) -> None:
    _differences(meet("police-steward"))
    _answered(meet("social-steward"))
    _duplicate(meet("police-steward"))
    admin, checker = meet("data-admin"), meet("data-checker")
    _rules(admin, checker)
    _made(admin, checker)
    _looks(meet("approval-clerk"))


def _told(visitor: Visitor, words: str) -> None:
    """What the house says of a deed, above the page."""
    expect(visitor.page.locator("#tb-toast")).to_contain_text(words)


def _differences(steward: Visitor) -> None:
    """One is decided, the next sent back to its source."""
    page, looker = steward.page, Looker(steward)
    steward.go(HOME)
    looker.here("registers-kept")
    steward.press("人口库")
    steward.press("两源不一致")
    looker.here("register-conflicts-kept")
    page.locator("main tbody th a").first.click()
    looker.here("register-conflict")
    page.get_by_role("radio").nth(1).check()
    steward.fill({"理由": "核对了户口簿原件"})
    steward.press("采用选中的值")
    _told(steward, "已记下")
    page.locator("main tbody tr", has_text="参保人员库").first.locator("th a").click()
    steward.fill({"理由": "和户口簿不一样，请核实", "或者退回一个来源核实": "区人社局 · 参保人员库"})
    steward.press("退回核实")
    _told(steward, "已退回")
    assert not looker.faults, "\n".join(looker.faults)


def _answered(steward: Visitor) -> None:
    looker = Looker(steward)
    steward.go(f"{HOME}returned/")
    steward.sees("和户口簿不一样，请核实")
    looker.here("register-returned-one")
    steward.fill({"核实的情况": "参保时写错了字，已改"})
    steward.press("已在本部门系统更正")
    _told(steward, "已记下")
    steward.sees("来源部门已更正")
    assert not looker.faults, "\n".join(looker.faults)


def _duplicate(steward: Visitor) -> None:
    page, looker = steward.page, Looker(steward)
    steward.go(f"{HOME}population/pairs/")
    page.locator("main tbody th a").first.click()
    looker.here("register-pair")
    steward.fill({"理由": "核对过身份证，是同一个人"})
    steward.press("合并")
    expect(page.locator("#building")).to_contain_text("已经合成一条", timeout=SOON)
    looker.here("register-pair-merged")
    steward.fill({"理由": "弄错了，是兄弟两个"})
    steward.press("分开")
    expect(page.locator("#building")).to_contain_text("各是一条", timeout=SOON)
    steward.go(f"{HOME}population/records/")
    page.locator("main tbody th a").first.click()
    steward.sees("每个值从哪里来")
    looker.here("register-record")
    assert not looker.faults, "\n".join(looker.faults)


def _rules(admin: Visitor, checker: Visitor) -> None:
    """Drafted by one, tried before, agreed to by another."""
    looker = Looker(admin)
    admin.go(f"{HOME}economy/rules/")
    admin.fill({"“数值”怎样取": "取最新的"})
    admin.press("拿样本试一试")
    admin.sees("什么都没有改")
    looker.here("register-rules-tried")
    admin.fill({"改了什么，为什么": "数值取最新发布的（示例）"})
    admin.press("送审")
    admin.sees("等另一位数据平台管理员核对")
    assert not looker.faults, "\n".join(looker.faults)
    looker = Looker(checker)
    checker.go(f"{HOME}economy/")
    checker.press("第2版")
    looker.here("register-ruling")
    checker.press("同意，发布")
    _told(checker, "已记下")
    assert not looker.faults, "\n".join(looker.faults)


def _made(admin: Visitor, checker: Visitor) -> None:
    """A register nobody had: its key, a source and a data item, sent, agreed to from the desk of what waits, built."""
    page, looker = admin.page, Looker(admin)
    admin.go(f"{HOME}economy/")
    admin.press("改名称和管理部门")
    admin.fill({"名称": "宏观经济数据库", "为什么改": "按市里的统一叫法"})
    admin.press("送审")
    admin.sees("等另一位数据平台管理员核对")
    looker.here("register-amendment")
    checker.go("/console/waiting/")
    checker.press("宏观经济库")
    checker.sees("宏观经济数据库")
    checker.press("同意，生效")
    _told(checker, "已记下")
    assert checker.heading == "宏观经济数据库"

    admin.go(f"{HOME}new/")
    admin.fill(
        {"名称": "高龄津贴库", "代码": "aid", "中文名": "公民身份号码", "英文名": "id_number", "主键能认出个人": True}
    )
    page.select_option("#department", label="区民政局")
    admin.press("建草稿，写规则")
    page.locator("summary", has_text="加一个来源部门的数据").click()
    page.select_option("#source-dataset", "elderly_allowance")
    page.fill("[name=source-key]", "id_number")
    admin.press("加上这个来源")
    page.locator("summary", has_text="加一个数据项").click()
    admin.fill({"从哪一列来": "name"})
    page.fill("[name=element-name]", "name")
    page.fill("[name=element-title]", "姓名")
    admin.press("加上这个数据项")
    looker.here("register-first-rules")
    admin.press("送审")
    admin.sees("三级（敏感）")
    looker.here("register-ruling")
    checker.go("/console/waiting/")
    checker.press("高龄津贴库")
    checker.press("同意，发布")
    _told(checker, "已记下")
    checker.press("现在生成有变化的")
    expect(checker.page.locator("#built")).to_contain_text("已完成", timeout=SOON)
    assert not looker.faults, "\n".join(looker.faults)


def _looks(clerk: Visitor) -> None:
    """Masked, for a case; of a number also its licences and what the credit register has."""
    page, looker, known = clerk.page, Looker(clerk), identities()
    person, hotel = known["persons"]["lihua"], known["companies"]["hotel"]
    asked = {"办件编号": "511602000012026000001", "查询目的": "核对经营者身份"}
    clerk.go("/console/registries/")
    clerk.fill({"身份证号或统一社会信用代码": person["id_number"], **asked})
    clerk.press("查询")
    clerk.sees("查询结果")
    expect(page.locator("main")).not_to_contain_text(person["phone"])
    for register, words in (("信用库", "严重违法失信名单"), ("电子证照库", "营业执照")):
        page.get_by_role("radio", name=register).check()
        clerk.fill({"身份证号或统一社会信用代码": hotel["uscc"], **asked})
        clerk.press("查询")
        clerk.sees(words)
    looker.here("register-look-licences")
    assert not looker.faults, "\n".join(looker.faults)
