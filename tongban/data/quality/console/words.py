"""What codes mean to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

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
    "their_key": _("那边的主键列"),
    "their_column": _("那边的列"),
    "operator": _("应当"),
    "hours": _("多少小时以内"),
    "percent": _("波动不超过百分之几"),
    "least": _("最小"),
    "most": _("最大"),
    "value": _("第一列是什么时（不填是有值就算）"),
}
SIGNS = {"<>": "≠", "<=": "≤", ">=": "≥"}  # as people write them
STEP: dict[str, Any] = {
    "sent": _("派出"),
    "corrected": _("答复：已改好"),
    "explained": _("答复：有说明"),
    "returned": _("退回"),
    "closed": _("办结"),
}


def told_rule(content: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """A rule in one line: kind, columns and limits."""
    spec = content["spec"]
    parts = [str(KIND[spec["kind"]]), listed(titles.get(name, name) for name in spec["columns"])]
    words: dict[str, Mapping[str, Any]] = {"digits": DIGITS, "operator": SIGNS}
    parts += [f"{FIELD[name]} {words.get(name, {}).get(spec[name], spec[name])}" for name in FIELD if spec.get(name)]
    return " · ".join(part for part in parts if part)
