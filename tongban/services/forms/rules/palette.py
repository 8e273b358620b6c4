"""What an official may put on a form: types of field, and data elements that fill themselves in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .elements import BOOK, CODES, ELEMENTS, IDENTITY, LEGAL_PERSONS, POPULATION
from .faults import gettext_noop

TYPE_NAMES = {
    "text": gettext_noop("一行文字"),
    "textarea": gettext_noop("多行文字"),
    "radio": gettext_noop("单选"),
    "select": gettext_noop("下拉单选"),
    "checkboxes": gettext_noop("多选"),
    "boolean": gettext_noop("勾选（承诺、同意）"),
    "date": gettext_noop("日期"),
    "date_range": gettext_noop("起止日期"),
    "integer": gettext_noop("整数"),
    "number": gettext_noop("数字（可带小数）"),
    "money": gettext_noop("金额"),
    "phone": gettext_noop("电话"),
    "email": gettext_noop("电子邮箱"),
    "id_number": gettext_noop("身份证号"),
    "uscc": gettext_noop("统一社会信用代码"),
    "address": gettext_noop("地址"),
    "repeat": gettext_noop("重复组（一项一项填）"),
    "table": gettext_noop("表格（一行一行填）"),
    "file": gettext_noop("附件"),
    "signature": gettext_noop("签名"),
    "notice": gettext_noop("说明文字"),
}
REGISTER_NAMES = {
    IDENTITY: gettext_noop("实名账号"),
    POPULATION: gettext_noop("人口库"),
    LEGAL_PERSONS: gettext_noop("法人库"),
    BOOK: gettext_noop("常用地址"),
}


@dataclass(frozen=True)
class Element:
    """A data element as the palette shows it; `sample` is an invented value of it."""

    code: str
    name: str
    type: str
    key: str
    sample: Any

    @property
    def registers(self) -> tuple[str, ...]:
        """Names of the registers that fill it in, best first."""
        return tuple(REGISTER_NAMES[register] for register, _name in ELEMENTS[self.code])

    def as_field(self) -> dict[str, Any]:
        made = {"key": self.key, "label": self.name, "type": self.type, "required": True, "element": self.code}
        if self.type in ("radio", "select"):
            made["options"] = [{"value": code, "label": word} for code, word in CODES[self.code].items()]
        return made


_ELEMENTS = (
    ("person.name", gettext_noop("姓名"), "text", "name", "张小明"),
    ("person.id_number", gettext_noop("身份证号"), "id_number", "id_number", "511602199003070016"),
    ("person.phone", gettext_noop("手机"), "phone", "phone", "13800138000"),
    ("person.birth_on", gettext_noop("出生日期"), "date", "birth_on", "1990-03-07"),
    ("person.sex", gettext_noop("性别"), "radio", "sex", "1"),
    ("person.nation", gettext_noop("民族"), "text", "nation", "汉族"),
    ("person.address", gettext_noop("户籍或居住地址"), "address", "address", {"division": "511602001001", "detail": "平安路1号"}),
    ("company.name", gettext_noop("单位名称"), "text", "company_name", "广安示例商贸有限公司"),
    ("company.uscc", gettext_noop("统一社会信用代码"), "uscc", "uscc", "91511602MA00000009"),
    ("company.legal_person", gettext_noop("法定代表人"), "text", "legal_person", "李小红"),
    ("company.legal_person_id", gettext_noop("法定代表人身份证号"), "id_number", "legal_person_id", "511602199003070016"),
    ("company.address", gettext_noop("单位住所"), "address", "company_address", {"division": "511602001001", "detail": "平安路1号"}),
    ("company.registered_on", gettext_noop("成立日期"), "date", "registered_on", "2020-05-06"),
    ("company.scope", gettext_noop("经营范围"), "textarea", "scope", "食品销售"),
    ("company.capital", gettext_noop("注册资本"), "money", "capital", 10_000_000),
    ("company.phone", gettext_noop("单位电话"), "phone", "company_phone", "0826-2345678"),
    ("contact.name", gettext_noop("联系人"), "text", "contact_name", "张小明"),
    ("contact.phone", gettext_noop("联系电话"), "phone", "contact_phone", "13800138000"),
    ("contact.address", gettext_noop("通信地址"), "address", "contact_address", {"division": "511602001001", "detail": "平安路1号"}),
    ("contact.postcode", gettext_noop("邮政编码"), "text", "contact_postcode", "638000"),
    ("project.code", gettext_noop("投资项目代码"), "text", "project_code", "2611-511602-04-01-123456"),
)  # fmt: skip
PALETTE = tuple(Element(*facts) for facts in _ELEMENTS)


def element_named(code: str) -> Element | None:
    return next((element for element in PALETTE if element.code == code), None)
