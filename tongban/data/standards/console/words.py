"""What codes mean to people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused

TOLD = (Refused, Conflict)  # told on the page itself
KINDS: dict[str, Any] = {"code_set": _("代码集"), "element": _("数据元")}
STATE_TAGS = {"draft": "", "in_review": "yellow", "published": "green", "withdrawn": "red"}
FIELDS: dict[str, Any] = {
    "name": _("名称"),
    "standard": _("依据的标准"),
    "source": _("来源"),
    "english": _("短名"),
    "definition": _("定义"),
    "object_class": _("对象类词"),
    "property": _("特性词"),
    "representation": _("表示词"),
    "data_type": _("数据类型"),
    "format": _("表示格式"),
    "code_set": _("代码集"),
    "unit": _("计量单位"),
    "synonyms": _("同义名"),
    "note": _("备注"),
}
HINTS: dict[str, Any] = {
    "english": _("拼音首字母或英文，给列起名时用"),
    "format": _("如 an18（正好18位字母数字）、n8、ul..50（最多50个字）、n..16,2（两位小数）"),
    "synonyms": _("别的叫法，用顿号隔开"),
    "source": _("从哪里来的，核对过没有"),
}
TYPES: dict[str, Any] = {
    "text": _("文字"),
    "integer": _("整数"),
    "decimal": _("小数"),
    "date": _("日期"),
    "moment": _("日期时间"),
    "yes_no": _("是否"),
}
LABELS: dict[str, Any] = FIELDS | {"key": _("标识"), "effective_on": _("施行日期")}
