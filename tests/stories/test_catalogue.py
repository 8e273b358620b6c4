"""A data resource from an empty form to the published catalogue: one writes, one answers for the department, one publishes."""

from __future__ import annotations

import time

from .conftest import Meet
from .looker import NARROW, Looker
from .people import Visitor

NAME = f"老年食堂就餐补贴信息{int(time.time()) % 10**6:06d}"  # its own, so that it can be told again in the same house
ABSTRACT, QUALITY = "本区老年食堂就餐补贴的发放情况，从2024年起。", "每天核对，完整率不低于99%"
TEXT = {
    "资源名称": NAME,
    "类和项": "公共服务",
    "目": "015",
    "摘要": ABSTRACT,
    "格式": "数据库",
    "库表": True,
    "政务外网": True,
    "更新周期": "每日",
    "所属领域": "社会救助",
    "共享类型": "有条件共享",
    "共享条件": "为履行法定职责需要",
    "共享平台库表": True,
    "开放类型": "不予开放",
    "不予开放的理由": "涉及敏感信息",
    "不予开放的说明": "含个人信息",
    "责任处室": "养老服务股",
    "责任岗位": "数据专员",
    "质量要求": QUALITY,
    "不对应事项的原因": "随就餐登记产生",
}
NUMBER = {"数据项名称": "公民身份号码", "英文名称": "GMSFHM", "长度": "18", "是主键": "是", "可以为空": "否"}


def test_a_resource_is_written_reviewed_twice_and_found(meet: Meet) -> None:
    steward = meet("civil-steward", width=NARROW)
    looker = Looker(steward)
    _written(steward, looker)
    head = meet("civil-head")
    _agrees(head, "等平台审核")
    admin = meet("data-admin")
    _agrees(admin, "已发布")
    steward.go(f"/console/catalogue/?q={NAME}")
    steward.sees("找到 1 个")
    steward.press(NAME)
    steward.sees("第1版")
    steward.sees("公民身份号码")
    looker.here("catalogue-entry")
    assert not [*looker.faults, *head.complaints, *admin.complaints]


def _written(steward: Visitor, looker: Looker) -> None:
    """An entry with one data item, handed in."""
    steward.go("/console/catalogue/mine/")
    steward.press("新建数据资源")
    steward.sees("处要改，改好再送审")
    looker.here("catalogue-edit")
    steward.fill(TEXT)
    steward.fill({"政务服务": True}, within="使用场景")
    steward.press("保存")
    steward.sees(ABSTRACT)
    steward.press("加一个数据项")
    looker.here("catalogue-item")
    steward.fill(NUMBER)
    steward.press("保存")
    steward.sees("没有发现问题")
    steward.press("提交审核")
    steward.sees("等部门审核")


def _agrees(officer: Visitor, told: str) -> None:
    """From the one page of everything that waits."""
    officer.go("/console/waiting/")
    officer.press(f"发布：{NAME}")
    officer.sees(QUALITY)
    officer.press("同意")
    officer.sees(told)
