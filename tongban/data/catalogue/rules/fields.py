"""What is told of a system, a data resource and a data item (政务信息资源目录编制指南, core metadata): one row a field."""

from __future__ import annotations

from dataclasses import dataclass


def _(text: str) -> str:
    """Marks words for translation; rules know no framework."""
    return text


@dataclass(frozen=True)
class Field:
    """`kind`: line, area, one or many (of the dictionary `table`), day, list (several lines)."""

    name: str
    title: str
    kind: str = "line"
    table: str = ""
    required: bool = False
    longest: int = 200
    hint: str = ""
    group: str = ""

    @property
    def is_list(self) -> bool:
        return self.kind in ("many", "list")

    @property
    def empty(self) -> str | list[str]:
        return [] if self.is_list else ""


_NAMING, _GIVING, _SHARING = _("分类与名称"), _("内容与提供方式"), _("共享")
_OPENING, _DUTY, _ITEMS = _("开放"), _("责任"), _("对应的事项")

RESOURCE = (
    Field("name", _("资源名称"), required=True, longest=100, group=_NAMING),
    Field("class_item", _("类和项"), "one", "class_item", required=True, group=_NAMING),
    Field("entry", _("目"), required=True, longest=3, hint=_("3位数字，同一部门用同一个。"), group=_NAMING),
    Field("detail", _("细目"), longest=12, hint=_("最多12位数字，可以不填。"), group=_NAMING),
    Field("abstract", _("摘要"), "area", required=True, longest=1000, hint=_("有什么数据、从哪来、到什么范围，几句话。"), group=_NAMING),
    Field("format", _("格式"), "one", "format", required=True, group=_GIVING),
    Field("carriers", _("载体"), "many", "carrier", required=True, group=_GIVING),
    Field("channels", _("提供渠道"), "many", "channel", required=True, group=_GIVING),
    Field("cycle", _("更新周期"), "one", "cycle", required=True, group=_GIVING),
    Field("scenes", _("使用场景"), "many", "scene", required=True, group=_GIVING),
    Field("domain", _("所属领域"), "one", "domain", required=True, group=_GIVING),
    Field("industry", _("所属行业"), "one", "industry", group=_GIVING),
    Field("system", _("来源系统"), longest=40, hint=_("系统的编号；手工台账可以不填。"), group=_GIVING),
    Field("related", _("关联资源代码"), "list", longest=40, group=_GIVING),
    Field("share_type", _("共享类型"), "one", "share_type", required=True, group=_SHARING),
    Field("share_condition", _("共享条件"), "area", longest=500, hint=_("只有“有条件共享”才写。"), group=_SHARING),
    Field("share_modes", _("共享方式"), "many", "share_mode", group=_SHARING),
    Field("share_ground_kind", _("不予共享的依据是"), "one", "share_ground", group=_SHARING),
    Field("share_ground", _("不予共享的依据条款"), "area", longest=500,
          hint=_("例如：《中华人民共和国统计法》第二十八条。"), group=_SHARING),
    Field("share_review_on", _("下次复核日期"), "day", hint=_("不予共享的，一年之内要复核一次。"), group=_SHARING),
    Field("open_type", _("开放类型"), "one", "open_type", required=True, group=_OPENING),
    Field("open_condition", _("开放条件"), "area", longest=500, group=_OPENING),
    Field("open_ground_kind", _("不予开放的理由"), "one", "open_ground", group=_OPENING),
    Field("open_ground", _("不予开放的说明"), "area", longest=500, group=_OPENING),
    Field("unit", _("责任处室"), required=True, longest=60, group=_DUTY),
    Field("post", _("责任岗位"), required=True, longest=60, group=_DUTY),
    Field("quality", _("质量要求"), "area", required=True, longest=300, group=_DUTY),
    Field("item_results", _("产生它的事项"), "list", longest=300, hint=_("“事项编号:结果名称”，一行一个。"), group=_ITEMS),
    Field("no_item_reason", _("不对应事项的原因"), longest=300, hint=_("没有对应事项的，写明原因。"), group=_ITEMS),
)  # fmt: skip

SYSTEM = (
    Field("name", _("系统名称"), required=True, longest=100),
    Field("summary", _("主要功能"), "area", required=True, longest=1000),
    Field("builder", _("建设单位"), required=True, longest=100),
    Field("users", _("使用单位"), required=True, longest=300),
    Field("level", _("建设层级"), "one", "system_level", required=True),
    Field("channels", _("所在网络"), "many", "channel", required=True),
    Field("state", _("系统状态"), "one", "system_state", required=True),
    Field("protection", _("网络安全等级保护"), "one", "protection", required=True),
    Field("hosting", _("部署位置"), "one", "hosting", required=True),
    Field("connected", _("是否已接入"), "one", "yes_no", required=True),
    Field("since", _("上线日期"), "day"),
    Field("unit", _("责任处室"), required=True, longest=60),
)

ITEM = (
    Field("name", _("数据项名称"), required=True, longest=60),
    Field("english", _("英文名称"), required=True, longest=63, hint=_("字母开头，只用字母、数字和下划线。")),
    Field("type", _("数据类型"), "one", "data_type", required=True),
    Field("length", _("长度"), longest=10, hint=_("例如 18，或 16,2。")),
    Field("element", _("数据元"), longest=40, hint=_("数据元的标识符，没有可以不填。")),
    Field("code_set", _("代码集"), longest=60, hint=_("例如 GB/T 2261.1。")),
    Field("description", _("说明"), longest=300),
    Field("data_class", _("数据分类"), "one", "data_class", required=True),
    Field("grade", _("数据分级"), "one", "grade", required=True, hint=_("不选就按名称建议一个；定了谁能看到原样。")),
    Field("nullable", _("可以为空"), "one", "yes_no", required=True),
    Field("is_key", _("是主键"), "one", "yes_no", required=True),
    Field("lead", _("数源部门"), longest=40, hint=_("这一项以谁的为准；空着就是本部门。")),
)

FIELDS: dict[str, tuple[Field, ...]] = {"resource": RESOURCE, "system": SYSTEM, "item": ITEM}
MOST_ITEMS = 500  # of one resource
ITEM_DEFAULTS = {"type": "C", "nullable": "1", "is_key": "0"}  # class and grade: `grading.suggested`


def blank(kind: str) -> dict[str, object]:
    """A content that says nothing yet."""
    content: dict[str, object] = {field.name: field.empty for field in FIELDS[kind]}
    return content | ({"items": []} if kind == "resource" else {})
