"""A table pasted from Word or a spreadsheet, read as the fields it asks for. What is guessed is shown before it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from .text import tidy_text

MOST_CELLS = 4000
MOST_FIELDS = 500
LONGEST_LABEL = 60
_BOX = re.compile(r"[□☐○◯■☑●◎]\s*([^□☐○◯■☑●◎\s]+)")
_MANY = re.compile(r"多选|可多选")
_STAR = re.compile(r"^[*＊]|[*＊]$|[（(]必填[)）]")
_OPTIONAL = re.compile(r"[（(](?:选填|可不填|如有|没有可不填)[)）]")
_TAIL = re.compile(r"[\s:：*＊]+$|^[\s*＊\d.、)）]+(?=\D)")
_TITLE = re.compile(r"^[一二三四五六七八九十]+、|信息$|情况$|^第.部分")
HEADERS = {
    "label": ("字段", "项目", "名称", "填报内容", "填写项", "内容", "要素"),
    "type": ("类型", "格式"),
    "required": ("必填", "是否必填", "必须"),
    "hint": ("说明", "填写说明", "备注", "要求"),
}
# The first that fits decides: words of the label, the type, the element, the key
GUESSES: tuple[tuple[str, str, str, str], ...] = (
    ("统一社会信用代码|信用代码", "uscc", "company.uscc", "uscc"),
    ("法定代表人.*(?:身份证|证件)", "id_number", "company.legal_person_id", "legal_person_id"),
    ("身份证|公民身份号码", "id_number", "person.id_number", "id_number"),
    ("邮箱|电子邮件|E-?mail", "email", "", "email"),
    ("电话|手机|联系方式", "phone", "person.phone", "phone"),
    ("法定代表人|法人代表", "text", "company.legal_person", "legal_person"),
    ("(?:企业|单位|公司|机构)名称", "text", "company.name", "company_name"),
    ("(?:企业|单位|公司|注册).*地址|住所", "address", "company.address", "company_address"),
    ("地址|住址|地点|户籍", "address", "person.address", "address"),
    ("出生(?:日期|年月)", "date", "person.birth_on", "birth_on"),
    ("(?:起止|有效期|期限).*|.*自.*至.*", "date_range", "", "period"),
    ("日期|时间|年月日", "date", "", "day"),
    ("性别", "radio", "person.sex", "sex"),
    ("民族", "text", "person.nation", "nation"),
    ("签名|签字|签章", "signature", "", "signature"),
    ("照片|附件|扫描件|上传", "file", "", "file"),
    ("金额|费用|资金|投资额|注册资本|收入|价格|元", "money", "", "amount"),
    ("面积|长度|高度|重量|比例|率$|容积", "number", "", "size"),
    ("人数|数量|个数|份数|年龄|件数|层数", "integer", "", "count"),
    ("^是否|有无", "radio", "", "yes_no"),
    ("经营范围|说明|理由|原因|简介|内容|意见|备注|事由|描述", "textarea", "", "text"),
    ("姓名|申请人$|联系人$", "text", "person.name", "name"),
)
TYPE_WORDS = {
    "多行": "textarea", "文本": "text", "文字": "text", "数字": "number", "整数": "integer", "金额": "money", "日期": "date",
    "单选": "radio", "下拉": "select", "多选": "checkboxes", "地址": "address", "手机": "phone", "电话": "phone",
    "身份证": "id_number", "邮箱": "email", "附件": "file", "文件": "file", "签名": "signature",
}  # fmt: skip
PRESETS = {
    "sex": [{"value": "1", "label": "男"}, {"value": "2", "label": "女"}],
    "yes_no": [{"value": "yes", "label": "是"}, {"value": "no", "label": "否"}],
}


class _Tables(HTMLParser):
    """Rows of the outermost tables as lists of texts; a merged cell counts once, where it begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None
        self.depth = self.cells = self.mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "title"):
            self.mute += 1
        elif tag == "table":
            self.depth += 1
        elif tag == "tr" and self.depth == 1:
            self.rows.append([])
        elif tag in ("td", "th") and self.depth == 1:
            self.close_cell()
            self.cell = []
        elif tag in ("br", "p", "div", "li") and self.cell:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self.mute = max(self.mute - 1, 0)
        elif tag in ("td", "th", "tr") and self.depth == 1:
            self.close_cell()
        elif tag == "table":
            self.close_cell()
            self.depth = max(self.depth - 1, 0)

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.mute:
            self.cell.append(data)

    def close_cell(self) -> None:
        if self.cell is not None and self.cells < MOST_CELLS:
            self.cells += 1
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append(_tidy("".join(self.cell)))
        self.cell = None


def _tidy(text: str) -> str:
    return re.sub(r"[ \t\u3000\xa0]+", " ", re.sub(r"\s*\n\s*", "\n", tidy_text(text, lines=True))).strip()


def rows_of(pasted: str) -> list[list[str]]:
    """The rows of a pasted table, whether it came as HTML or as text with tabs; without any table, one cell per line."""
    if re.search(r"<table[\s>]", pasted, re.IGNORECASE):
        reader = _Tables()
        reader.feed(pasted)
        reader.close()
        reader.close_cell()
        rows = reader.rows
    else:
        rows = [[_tidy(cell) for cell in line.split("\t")] for line in pasted.splitlines()[:MOST_CELLS]]
    return [row for row in rows if any(row)]


@dataclass(frozen=True)
class Guess:
    """One field as the table seems to ask for it; `sure` is off where only the label's words were to go by."""

    label: str
    type: str
    required: bool
    key: str
    element: str = ""
    hint: str = ""
    options: tuple[str, ...] = ()
    sure: bool = False

    def as_field(self) -> dict[str, Any]:
        made: dict[str, Any] = {"key": self.key, "label": self.label, "type": self.type, "required": self.required}
        made |= {word: value for word, value in (("element", self.element), ("hint", self.hint)) if value}
        if self.options:
            made["options"] = [{"value": str(n), "label": label} for n, label in enumerate(self.options, 1)]
        elif self.type in ("radio", "select", "checkboxes"):
            made["options"] = PRESETS.get(self.key, PRESETS["yes_no"])
        return made


@dataclass
class Pasted:
    """What a pasted table asks for, and the texts that are no field."""

    guesses: list[Guess] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def fields_in(pasted: str) -> Pasted:
    """The fields of a pasted table: by its columns if a header row names them, else by the blank beside each label."""
    rows = rows_of(pasted)
    found = Pasted()
    columns = _columns(rows[0]) if rows else {}
    if "label" in columns and len(columns) > 1:
        for row in rows[1:]:
            _by_columns(row, columns, found)
    else:
        for row in rows:
            _by_blanks(row, found)
    found.skipped += [guess.label for guess in found.guesses[MOST_FIELDS:]]
    del found.guesses[MOST_FIELDS:]
    return found


def _columns(header: list[str]) -> dict[str, int]:
    return {
        name: next(n for n, cell in enumerate(header) if cell in words)
        for name, words in HEADERS.items()
        if any(cell in words for cell in header)
    }


def _by_columns(row: list[str], columns: dict[str, int], found: Pasted) -> None:
    said = {name: row[n] if n < len(row) else "" for name, n in columns.items()}
    if not said["label"]:
        return
    kind = next((kind for word, kind in TYPE_WORDS.items() if word in said.get("type", "")), "")
    required = said["required"][:1] in ("是", "必", "√", "✓", "Y", "y") if "required" in said else None
    found.guesses.append(_guess(said["label"], kind, required, said.get("hint", "")))


def _by_blanks(row: list[str], found: Pasted) -> None:
    """A label is a text; what may be chosen stands behind it or in the cell to its right (`□男 □女`)."""
    if len(row) == 1 and _TITLE.search(row[0]) and not _BOX.search(row[0]):
        found.skipped.append(row[0])
        return
    cells = iter([*zip(row, [*row[1:], ""], strict=True)])
    for cell, beside in cells:
        label, options = _parted(cell)
        if label and not options and (chosen := _parted(beside)) and chosen[1] and not chosen[0]:
            options = chosen[1]
            next(cells, None)
        if not label:
            continue
        if len(label) > LONGEST_LABEL:
            found.skipped.append(label[:LONGEST_LABEL])
        else:
            found.guesses.append(_guess(label, "", None, "", options))


def _parted(cell: str) -> tuple[str, tuple[str, ...]]:
    """The words before the first box to tick, and the words behind each."""
    options = tuple(dict.fromkeys(match[1].strip("，,;；、") for match in _BOX.finditer(cell)))
    return (_BOX.split(cell)[0] if options else cell).strip(" ：:\n"), options


def _guess(label: str, kind: str, required: bool | None, hint: str, options: tuple[str, ...] = ()) -> Guess:
    bare = _MANY.sub("", _STAR.sub("", label)).replace("()", "").replace("（）", "")
    if required is None:
        required = not _OPTIONAL.search(bare)
    bare = _TAIL.sub("", _TAIL.sub("", _OPTIONAL.sub("", bare).replace("\n", ""))) or label
    found = next((guess for guess in GUESSES if re.search(guess[0], bare)), ("", "text", "", "field"))
    guessed, element, key = found[1:]
    if options:
        chosen = "checkboxes" if _MANY.search(label) else ("select" if len(options) > 5 else "radio")
        return Guess(bare, kind or chosen, required, key, "", hint, options, sure=True)
    if kind and kind != guessed:
        element = ""
    return Guess(bare, kind or guessed, required, key, element, hint, sure=bool(kind))
