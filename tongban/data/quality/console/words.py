"""What codes mean to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused, Unavailable

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
    parts = [str(KIND[spec["kind"]]), "、".join(titles.get(name, name) for name in spec["columns"])]
    parts += [f"{FIELD[name]} {spec[name]}" for name in FIELD if spec.get(name)]
    return " · ".join(part for part in parts if part)
