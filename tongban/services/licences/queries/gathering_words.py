"""What gathering says in sentences: its steps, what is wrong with a file, what is wrong with a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.listing import listed
from tongban.services.licences.rules.tables import HEADINGS

STEPS: dict[str, tuple[Any, Any]] = {
    "confirm": (_("确认可汇聚证照"), _("由颁发部门确认这种证照由它颁发、有存量、可以汇聚。写明依据和大约多少张。")),
    "seal": (_("制作电子印章"), _("部门要有备案在用的电子印章，版式文件才能加盖。")),
    "template": (_("配置证照模板"), _("核对数据项和版面，和纸质证照一致。")),
    "history": (_("汇聚历史数据"), _("上传存量证照的表格和扫描件，有问题的行留下来更正，一行不丢。")),
    "live": (_("实时汇聚新增数据"), _("新发的证照由办件自动入库，或由部门系统通过接口送来。")),
    "notice": (_("联合发文"), _("和数据管理部门联合发文，明确电子证照和纸质证照同等使用。写明文号。")),
}
STEP_FAULTS: dict[str, Any] = {
    "unknown": _("没有这一步。"),
    "not_issuer": _("本部门不是这种证照的颁发部门，不能归集。"),
    "before": _("请先完成前面的步骤。"),
    "no_seal": _("本部门还没有备案在用、可用于证照的电子印章。请先在“电子印章”里申请和备案。"),
    "no_history": _("还没有历史证照入库。请先上传表格。"),
    "no_live": _("还没有办件签发或接口送来的证照。"),
    "note": _("请写明怎样完成的，2至300个字。"),
}
FILE_FAULTS: dict[str, Any] = {
    "not_step": _("请先完成第一步“确认可汇聚证照”，再上传历史数据。"),
    "no_file": _("请先选一个表格文件。"),
    "name": _("只收 .xlsx 和 .csv 表格。旧版 .xls 请另存为 .xlsx。"),
    "active_content": _("表格里带有宏（程序），一律不收。请另存为不带宏的 .xlsx 再上传。"),
    "old_office": _("这是旧版的 .xls 文件。请用表格软件打开，另存为 .xlsx 再上传。"),
    "not_allowed": _("只收 .xlsx 和 .csv 表格。旧版 .xls 请另存为 .xlsx。"),
    "broken": _("表格打不开，可能没有传完或已经损坏。请重新保存一份再上传。"),
    "not_text": _("CSV 文件的编码不是 UTF-8 也不是 GB18030，请另存为 .xlsx 再上传。"),
    "columns_missing": _("表格里找不到这些列：%(word)s。请下载模板，对照列名更正。"),
    "no_rows": _("表格里只有列名，没有证照。"),
    "too_many_rows": _("表格的行数太多，一次最多%(word)s行，请分成几个文件。"),
    "nothing_held": _("这一批没有待更正的行。"),
    "nothing_changed": _("文件里没有改过的待更正行。请在下载的结果里改好再传，不要改动“行号”。"),
    "running": _("正在归集，请等它结束。"),
    "zip": _("扫描件压缩包打不开、设了密码，或者大得不正常。请重新压缩，或直接选择多个文件。"),
    "too_many_scans": _("一次最多上传500个扫描件，请分几次传。"),
    "same_person": _("上传这一批的人不能自己签发，请由本部门另一位有权的人签发。"),
    "nothing_waiting": _("没有待签发的证照。"),
    "drop_reason": _("请写明为什么剔除，2至500个字。"),
    "not_waiting": _("这一行不在等待签发或更正，不能剔除。已签发的证照有误，请在“证照管理”里变更或撤销。"),
}
FILE_NOTES: dict[str, Any] = {
    "merged": _("有%(count)s处合并单元格（%(places)s），已经拆开，每格填同样的内容。"),
    "hidden_rows": _("有%(count)s行是隐藏的（第%(places)s行），也一起读了。"),
    "formulas": _("有%(count)s格是公式（%(places)s），没有重新计算，用的是上次保存时算好的值。"),
    "columns_unknown": _("有%(count)s列不认识（%(places)s），内容原样留在每一行里，没有写进证照。"),
    "scan_refused": _("扫描件“%(name)s”没有收：%(why)s"),
    "scan_unmatched": _("有%(count)s个扫描件和哪一行都对不上（%(places)s）。文件名要和“扫描件”列或证照编号相同。"),
}
DROPPED = _("已剔除：%(why)s")
# What is said of one row. `name` is the column, `text` what stands there.
ROW_WORDS: dict[str, Any] = {
    "missing": _("没有填“%(name)s”。"),
    "digits_lost": _(
        "“%(name)s”被表格软件存成了数字“%(text)s”，后面几位已经丢失。请对照原件重填，并把这一列设为文本。"
    ),
    "error_cell": _("“%(name)s”的单元格是错误值“%(text)s”。"),
    "formula_empty": _("“%(name)s”是没有算过的公式“%(text)s”。请在表格软件里打开、保存，再上传。"),
    "number_length": _("“%(name)s”写的是“%(text)s”，证件号码应是18位。"),
    "number_old": _("“%(name)s”是15位的旧身份证号，请换成18位的。"),
    "number_characters": _("“%(name)s”里有不该有的字符：“%(text)s”。"),
    "number_birth_date": _("“%(name)s”里的出生日期不存在：“%(text)s”。"),
    "number_check": _("“%(name)s”的校验码不对：“%(text)s”，可能抄错了一位，请对照原件核对。"),
    "holder_kind": _("这种证照不能发给这类持证人（%(text)s）。"),
    "day": _("“%(name)s”写的“%(text)s”看不出是哪一天，请写成2020-01-31的样子。"),
    "day_unreal": _("“%(name)s”写的“%(text)s”，日历上没有这一天。"),
    "day_counted": _("“%(name)s”是表格软件的天数“%(text)s”，已按日期读，请核对。"),
    "issued_later": _("颁发日期“%(text)s”在今天以后。"),
    "long_ago": _("颁发日期“%(text)s”太早，请核对年份。"),
    "ends_before": _("有效期的最后一天早于第一天。"),
    "until_by_rule": _("没有填有效期至，已按这种证照的年限推算，请核对。"),
    "ended": _("写的是有效，但有效期已过，按过期入库。"),
    "state": _("证照状态“%(text)s”不认识。可以写：有效、暂扣、注销、吊销、撤销、过期、遗失作废。"),
    "full_width": _("“%(name)s”里有全角字符，已按半角读。"),
    "identifier_shape": _("证照标识“%(text)s”不成样子，已另编一个，原来的留在原文里。"),
    "identifier_check": _("证照标识“%(text)s”的校验位或组成不合标准，照原样收下，做了记号。"),
    "identifier_other": _("证照标识“%(text)s”里的类型或颁发机构和这一批不同，照原样收下，做了记号。"),
    "identifier_next": _("证照标识“%(text)s”的这一版已经剔除，更正后编为下一版。"),
    "identifier_taken": _("证照标识“%(text)s”已经属于另一张证照。"),
    "scan_missing": _("没有找到扫描件“%(text)s”。"),
    "no_scan": _("没有对应的扫描件。"),
    "long": _("“%(name)s”太长。"),
    "date": _("“%(name)s”写的“%(text)s”不是日期，请写成2020-01-31的样子。"),
    "number": _("“%(name)s”要填数字，写的是“%(text)s”。"),
    "code": _("“%(name)s”写的“%(text)s”不在可选的内容里。"),
    "field_missing": _("没有“%(name)s”。新发的证照必须有，历史证照先收下，做了记号。"),
    "same_in_store": _("库里已有同编号的这种证照，没有重复入库。"),
    "same_in_file": _("这个文件里前面已有同编号的证照，没有重复入库。"),
    "number_taken": _("库里已有同编号的这种证照，但持证人不同，请核对编号和持证人。"),
}


def row_sentence(flag: Mapping[str, Any], labels: Mapping[str, str], texts: Mapping[str, str]) -> str:
    """A finding in words, with the column's name and what stands there."""
    key = str(flag.get("key", ""))
    return str(ROW_WORDS[flag["code"]]) % {"name": labels.get(key, key), "text": texts.get(key, "")[:60]}


def labels_of(definitions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What each column is called."""
    return {key: names[0] for key, names in HEADINGS.items()} | {row["key"]: row["label"] for row in definitions}


def note_sentence(note: Mapping[str, Any]) -> str:
    return str(FILE_NOTES[note["code"]]) % {**note, "places": listed(note.get("places", ()))}
