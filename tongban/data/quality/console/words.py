"""What codes mean to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.data.quality import queries
from tongban.data.quality.rules import PATTERNS
from tongban.foundation.kernel.errors import Conflict, Refused, Unavailable
from tongban.foundation.kernel.listing import listed

TOLD = (Refused, Conflict, Unavailable)
SEVERITY: dict[str, Any] = {"error": _("错误：隔离并派工单"), "warning": _("警告"), "note": _("提示")}
LEVEL: dict[str, Any] = {"error": _("错误"), "warning": _("警告"), "note": _("提示")}
DIMENSION: dict[str, Any] = {
    "norm": _("规范性"),
    "complete": _("完整性"),
    "accurate": _("准确性"),
    "consistent": _("一致性"),
    "timely": _("时效性"),
    "accessible": _("可访问性"),
}
KIND: dict[str, Any] = {
    "not_null": _("不能空"),
    "format": _("格式"),
    "length": _("长度"),
    "codes": _("在代码集里"),
    "check_digit": _("校验码"),
    "range": _("范围"),
    "unique": _("不重复"),
    "reference": _("在另一个数据集里有"),
    "compare": _("两列比较"),
    "id_birth": _("身份号码与出生日期一致"),
    "id_sex": _("身份号码与性别一致"),
    "needs": _("有这一列就要有那一列"),
    "cross_source": _("与另一来源一致"),
    "fresh": _("按时更新"),
    "swing": _("行数波动"),
}
HINT: dict[str, Any] = {
    "not_null": _("这几列每一行都要有值"),
    "format": _("手机号码、邮政编码这类有固定写法的，也可以自己写正则表达式"),
    "length": _("几个字到几个字"),
    "codes": _("只能是国家标准或者本市代码集里有的代码"),
    "check_digit": _("身份号码、统一社会信用代码的最后一位对不对"),
    "range": _("数、日期在什么范围以内"),
    "unique": _("一列或者几列合在一起，没有两行相同"),
    "reference": _("如参保人都应当在户籍人口里"),
    "compare": _("如开始日期不晚于结束日期"),
    "id_birth": _("身份号码里的出生日期和另一列说的一样"),
    "id_sex": _("身份号码里的性别和另一列说的一样"),
    "needs": _("如状态是“注销”的要有注销日期"),
    "cross_source": _("同一个人、同一家单位，两个部门说的一样"),
    "fresh": _("最新一批在多少小时以内到"),
    "swing": _("比上一次检查多了、少了太多就要看一看"),
}
DIGITS: dict[str, Any] = {"id_number": _("公民身份号码（GB 11643）"), "uscc": _("统一社会信用代码（GB 32100）")}
PATTERN: dict[str, Any] = {
    "mobile": _("手机号码"),
    "phone": _("电话号码"),
    "postcode": _("邮政编码"),
    "email": _("电子邮箱"),
    "digits": _("全是数字"),
    "chinese": _("全是汉字"),
}
FIELD: dict[str, Any] = {
    "pattern": _("格式（正则表达式）"),
    "code_set": _("代码集"),
    "digits": _("哪种校验码"),
    "dataset": _("另一个数据集"),
    "their_key": _("那边用来对上的列"),
    "their_column": _("那边的列"),
    "operator": _("前一列应当"),
    "hours": _("多少小时以内"),
    "percent": _("波动不超过百分之几"),
    "least": _("最小"),
    "most": _("最大"),
    "value": _("前一列是什么时（不填是有值就算）"),
}
SIGNS = {"<>": "≠", "<=": "≤", ">=": "≥"}  # as people write them
STEP: dict[str, Any] = {
    "sent": _("派出"),
    "corrected": _("答复：已改好"),
    "explained": _("答复：有说明"),
    "returned": _("退回"),
    "closed": _("办结"),
}


# A rule as one says it; what a kind needs is in the brackets. `first` and `second` are its columns.
SAID: dict[str, Any] = {
    "not_null": _("%(columns)s不能空"),
    "format": _("%(columns)s的写法：%(pattern)s"),
    "length": _("%(columns)s的字数%(ends)s"),
    "codes": _("%(columns)s是代码集 %(code_set)s 里的代码"),
    "check_digit": _("%(columns)s是校验码正确的%(digits)s"),
    "range": _("%(columns)s%(ends)s"),
    "unique": _("%(columns)s没有两行相同"),
    "reference": _("%(columns)s在“%(dataset)s”的“%(their_column)s”里有"),
    "compare": _("%(first)s %(operator)s %(second)s"),
    "id_birth": _("%(first)s里的生日与%(second)s一致"),
    "id_sex": _("%(first)s里的性别与%(second)s一致"),
    "needs": _("有%(first)s的就要有%(second)s"),
    "cross_source": _("%(second)s与“%(dataset)s”的“%(their_column)s”一致，以%(first)s和那边的“%(their_key)s”对上"),
    "fresh": _("最新一批在 %(hours)s 小时以内到"),
    "swing": _("行数比上一次检查的增减不超过 %(percent)s%%"),
}
NEEDS_VALUE = _("%(first)s是“%(value)s”的就要有%(second)s")
BETWEEN, AT_LEAST, AT_MOST = _("在 %(least)s 到 %(most)s 之间"), _("不小于 %(least)s"), _("不大于 %(most)s")
# What the two columns of a kind are for, where it is about two.
PAIR: dict[str, tuple[Any, Any]] = {
    "compare": (_("前一列"), _("后一列")),
    "id_birth": (_("身份号码列"), _("出生日期列")),
    "id_sex": (_("身份号码列"), _("性别代码列")),
    "needs": (_("有这一列的"), _("就要有这一列")),
    "cross_source": (_("用来对上的列（如身份号码）"), _("要比的列")),
}
LABELS: dict[str, Any] = FIELD | {"title": _("规则名称"), "columns": _("看哪些列"), "severity": _("级别"), "dimension": _("维度"),
                          "effective_on": _("施行日期")}  # fmt: skip


def told_rule(content: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """What a rule asks, in a sentence; `titles`: column → what people call it."""
    spec = content["spec"]
    columns = [titles.get(name, name) for name in spec["columns"]]
    known: dict[str, Any] = {
        "columns": listed(columns),
        "ends": _ends(spec),
        **dict(zip(("first", "second"), columns, strict=False)),
    }
    known |= {name: spec[name] for name in FIELD if name in spec}
    known["digits"] = DIGITS.get(spec.get("digits", ""), "")
    known["operator"] = SIGNS.get(spec.get("operator", ""), spec.get("operator", ""))
    known["pattern"] = next(
        (PATTERN[name] for name, text in PATTERNS.items() if text == spec.get("pattern")), spec.get("pattern", "")
    )
    if spec.get("dataset"):
        known["dataset"], theirs = queries.called(spec["dataset"])
        known |= {name: theirs.get(spec[name], spec[name]) for name in ("their_column", "their_key") if name in spec}
    return str(NEEDS_VALUE if spec.get("value") else SAID[spec["kind"]]) % known


def _ends(spec: Mapping[str, Any]) -> str:
    ends = BETWEEN if spec.get("least") and spec.get("most") else AT_LEAST if spec.get("least") else AT_MOST
    return str(ends) % {name: spec.get(name, "") for name in ("least", "most")}
