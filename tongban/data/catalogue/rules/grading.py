"""How a data item is classed and graded (数据安全法 art. 21, GB/T 43697-2024), what its name suggests, and what its grade lets be seen.

General data have grades 1 public, 2 internal, 3 sensitive, 4 highly sensitive; important and core data stand above them. One
ladder of levels, 1 to 6, so that grade and clearance are compared as numbers. A suggestion never decides: a steward does,
and two others review it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tongban.foundation.kernel import masks

GENERAL, IMPORTANT, CORE = "general", "important", "core"
IMPORTANT_LEVEL, CORE_LEVEL = 5, 6
PARTLY_FROM = 3  # what is only sensitive is shown in part to who may not see it whole; what is above is not shown
FULL, PART, HIDDEN = "full", "part", "hidden"
HIDDEN_SHOWN = "***"


@dataclass(frozen=True)
class Grading:
    """`kind` says how a value of it is masked; empty: by its ends."""

    data_class: str
    grade: str
    kind: str = ""

    @property
    def level(self) -> int:
        return {IMPORTANT: IMPORTANT_LEVEL, CORE: CORE_LEVEL}.get(self.data_class) or int(self.grade or 2)


# What a name says, the first that fits. Art. 28 of 个人信息保护法 names what is sensitive personal information: grade 4, but for
# what the city's offices know one another's people by, which is 3. Registration of companies is public (企业信息公示暂行条例): 1.
_ABOUT: tuple[tuple[str, Grading], ...] = (
    (r"基因|人类遗传|重要目标", Grading(IMPORTANT, "4")),
    (r"指纹|人脸|虹膜|声纹|掌纹|生物特征", Grading(GENERAL, "4")),
    (r"病|诊断|症状|过敏|血型|残疾(?:类|等)|孕|体检|用药|手术", Grading(GENERAL, "4")),
    (r"宗教|信仰|犯罪|前科|戒毒|服刑|行踪|轨迹|线索", Grading(GENERAL, "4")),
    (r"银行(?:卡|账)|账号|帐号|卡号|口令|密码", Grading(GENERAL, "4", "number")),
    (r"统一社会信用代码|TYSHXYDM|组织机构代码|登记状态|经营范围|注册资本", Grading(GENERAL, "1")),
    (r"(?:企业|公司|单位|机构|商户|店铺|经营者|法人)名称|行政区划|区划代码", Grading(GENERAL, "1")),
    (r"身份号码|身份证|证件号|护照|SFZH|SFHM", Grading(GENERAL, "3", "id_number")),
    (r"手机|电话|联系方式|SJH|LXDH", Grading(GENERAL, "3", "phone")),
    (r"邮箱|电子邮件|EMAIL", Grading(GENERAL, "3", "email")),
    (r"姓名|^XM$|法定代表人|负责人|联系人|监护人|配偶|父亲|母亲|持证人|申请人", Grading(GENERAL, "3", "name")),
    (r"住址|户籍地址|居住地址|家庭(?:地|住)址|通讯地址", Grading(GENERAL, "3", "address")),
    (r"出生|CSRQ|BIRTH", Grading(GENERAL, "3", "birth_day")),
    (r"收入|工资|资产|存款|婚姻|社保卡|医保", Grading(GENERAL, "3")),
)
# Data elements that forms and registers know; what hangs on one need not be guessed from a name.
_ELEMENTS: Mapping[str, Grading] = {
    "person.name": Grading(GENERAL, "3", "name"),
    "person.id_number": Grading(GENERAL, "3", "id_number"),
    "person.phone": Grading(GENERAL, "3", "phone"),
    "person.address": Grading(GENERAL, "3", "address"),
    "person.birth_on": Grading(GENERAL, "3", "birth_day"),
    "company.legal_person": Grading(GENERAL, "3", "name"),
    "company.legal_person_id": Grading(GENERAL, "3", "id_number"),
    "company.phone": Grading(GENERAL, "3", "phone"),
}
ORDINARY = Grading(GENERAL, "2")
_FITS = tuple((re.compile(words, re.IGNORECASE), grading) for words, grading in _ABOUT)


def suggested(name: str, *, english: str = "", element: str = "") -> Grading:
    """What a data item's element, else its name, lets expect; internal when nothing is known of it."""
    if element in _ELEMENTS:
        return _ELEMENTS[element]
    for text in (name, english):
        found = next((grading for words, grading in _FITS if text and words.search(text)), None)
        if found:
            return found
    return ORDINARY


def suggested_for(item: Mapping[str, Any]) -> Grading:
    name, english, element = (str(item.get(field) or "") for field in ("name", "english", "element"))
    return suggested(name, english=english, element=element)


def of_item(item: Mapping[str, Any]) -> Grading:
    """As a steward graded it; how it is masked follows from what it is."""
    guess = suggested_for(item)
    return Grading(str(item.get("data_class") or guess.data_class), str(item.get("grade") or guess.grade), guess.kind)


def is_graded(item: Mapping[str, Any] | None) -> bool:
    """Whether a steward has said how sensitive it is. Important and core data need no grade beside their class."""
    return item is not None and bool(item.get("grade") or item.get("data_class") in (IMPORTANT, CORE))


def careful(guess: Grading) -> Grading:
    """How what nobody has graded is treated: as its name lets expect, and never as less than sensitive, for a name may lie."""
    return guess if guess.level >= PARTLY_FROM else Grading(GENERAL, str(PARTLY_FROM), guess.kind)


def is_too_low(item: Mapping[str, Any]) -> bool:
    """Whether an item was graded below what its name lets expect: told to those who review it."""
    return of_item(item).level < suggested_for(item).level


def raised(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item no lower than suggested; what stands higher stays."""
    if not is_too_low(item):
        return dict(item)
    return {**item, **usual(item)}


def usual(item: Mapping[str, Any]) -> dict[str, str]:
    """Class and grade as suggested, for an item that says neither."""
    guess = suggested_for(item)
    return {"data_class": guess.data_class, "grade": guess.grade}


def way_of(grading: Grading, clearance: int) -> str:
    """How a value of such an item is shown to somebody cleared up to a level: full, part or hidden."""
    if grading.level <= clearance:
        return FULL
    return PART if grading.level <= PARTLY_FROM else HIDDEN


def _ends(text: str) -> str:
    """First character, then stars: for what has no mask of its own. One character alone (a code of a sex) is not shown."""
    return text[:1] + "*" * min(3, len(text) - 1) if len(text) > 1 else "*"


_MASKS: Mapping[str, Callable[[str], str]] = {
    "id_number": masks.mask_id_number,
    "phone": masks.mask_phone,
    "email": masks.mask_email,
    "name": masks.mask_name,
    "address": lambda text: masks.mask_address(text, keep=6),
    "birth_day": lambda text: text[:4] + "-**-**" if len(text) >= 8 else "*" * len(text),
    "number": lambda text: "*" * max(len(text) - 4, 0) + text[-4:] if len(text) > 4 else "*" * len(text),
}


def shown(value: Any, grading: Grading, clearance: int) -> Any:
    """A value as somebody cleared up to a level sees it. Nothing is nothing to everybody."""
    if value is None or value == "":
        return value
    way = way_of(grading, clearance)
    if way == FULL:
        return value
    return HIDDEN_SHOWN if way == HIDDEN else _MASKS.get(grading.kind, _ends)(str(value))
