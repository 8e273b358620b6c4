"""What is said about files of items and about each row of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

# Why a file cannot be taken at all.
FILE_FAULTS: dict[str, Any] = {
    "empty": _("文件是空的。"),
    "too_big": _("文件太大了。请分成几个文件导入，每个不超过10 MB。"),
    "not_allowed": _("只能导入 .xlsx 工作簿或 .json 文件。"),
    "not_what_it_says": _("文件的内容和后缀对不上。请用表格软件打开，另存为 .xlsx 再导入。"),
    "renamed": _("文件的内容和后缀对不上。请用表格软件打开，另存为 .xlsx 再导入。"),
    "old_office": _("这是旧版的 .xls 文件。请用表格软件打开，另存为 .xlsx 再导入。"),
    "encrypted": _("文件设了打开密码，读不出内容。请去掉密码再导入。"),
    "bomb": _("文件展开后大得不正常，没有读取。请重新保存一份再导入。"),
    "broken": _("文件打不开，可能没有传完或已经损坏。请重新保存一份再导入。"),
    "polyglot": _("文件后面夹带了别的内容，没有读取。请重新保存一份再导入。"),
    "active_content": _("文件里带有宏（程序），一律不收。请另存为不带宏的 .xlsx 再导入。"),
    "infected": _("文件里发现了病毒，没有读取。"),
    "no_template": _(
        "没有找到导入模板的表头（现有的表：%(word)s）。请用本页导出的工作簿，或省里的“权责清单导入模板”。"
    ),
    "too_many_rows": _("表“%(word)s”的行数太多，没有读取。请分成几个文件导入。"),
    "too_many_items": _("文件里有%(word)s个事项，一次最多导入10000个。请分成几个文件。"),
    "not_json": _("JSON 第%(word)s行读不懂，请检查括号、逗号和引号。"),
    "no_json_value": _("JSON 里写了“%(word)s”，它不是 JSON 的值。请写成数字或文字。"),
    "not_utf8": _("JSON 文件的编码不是 UTF-8，请转换后再导入。"),
    "repeated_key": _("JSON 里同一个对象把“%(word)s”写了两遍，不知道以哪个为准。"),
    "too_deep": _("JSON 的层次太深，不像是事项。"),
    "no_items": _("JSON 里没有事项的列表（items）。"),
    "no_rows": _("文件里一个事项也没有：表头下面都是空行。"),
}

# What is told of a file as a whole; it keeps nothing out.
FILE_NOTES: dict[str, Any] = {
    "merged": _("表“%(sheet)s”有%(count)s处合并单元格（%(places)s），已经拆开，每格填同样的内容。"),
    "hidden_rows": _("表“%(sheet)s”有%(count)s行是隐藏的（第%(places)s行），也一起读了。"),
    "formulas": _("表“%(sheet)s”有%(count)s格是公式（%(places)s），没有重新计算，用的是上次保存时算好的值。"),
    "sheet_unknown": _("表“%(sheet)s”不认识，没有读。"),
}

# What is said of one row: why it is kept out, or what should be known.
ROW_REMARKS: dict[str, Any] = {
    "unknown_word": _("“%(title)s”写的“%(word)s”不在可选的内容里。"),
    "not_a_number": _("“%(title)s”应是整数，写的是“%(word)s”。"),
    "not_yes_or_no": _("“%(title)s”应写“是”或“否”，写的是“%(word)s”。"),
    "not_a_day": _("“%(title)s”应是日期（如2026-01-01），写的是“%(word)s”。"),
    "not_a_limit": _("“%(title)s”应写成“20个工作日”或“30天”，写的是“%(word)s”。"),
    "not_topics": _("“%(title)s”应写成“个人：主题、主题；法人：主题”，写的是“%(word)s”。"),
    "not_json": _("“%(title)s”里的内容被改坏了，读不出来。"),
    "error_cell": _("“%(title)s”的单元格是错误值“%(word)s”。"),
    "formula_empty": _("“%(title)s”是没有算过的公式（%(word)s）。请在表格软件里打开、保存，再导入。"),
    "number_as_text": _("“%(title)s”存成了数字“%(word)s”，前面的0可能丢了，请核对。"),
    "no_such_item": _("这一行写的事项“%(word)s”在主表里没有。"),
    "no_such_answer": _("情形问题的上一级“%(word)s”不是前面的任何一个选项。"),
    "no_such_group": _("表单里没有“%(word)s”这个组。"),
    "item_twice": _("同一个事项在“要素”表里写了不止一行。"),
    "summary_differs": _("主表这一格与“%(word)s”表不一致，以“%(word)s”表为准。"),
    "basis_unclear": _("设定依据没能拆成条款。请写成“《法律名称》第几条：内容”，一条一行。"),
    "not_an_item": _("这里不是一个事项。"),
    "name_missing": _("没有事项名称。"),
    "code_twice": _("文件里%(word)s也用了同一个编码，分不清以哪个为准。"),
    "code_replaced": _("“%(word)s”不是本系统的资源库编号，当作新事项，另编了代码。"),
    "department_assumed": _("没有写行使主体，按您所在的部门导入。"),
    "department_unknown": _("没有找到行使主体“%(word)s”。请写本地清单里的部门名称。"),
    "not_yours": _("“%(word)s”的事项不归您编制，请由该部门导入。"),
    "item_cancelled": _("事项“%(word)s”已经取消，它的编码永久冻结，不能再用。"),
    "draft_under_way": _("这个事项已经有一份草稿正在编制，请先办完或放进回收站。"),
    "clash": "%(word)s",  # the room's own sentence on who holds a code
    "gaps": _("草稿里还要补：%(word)s。"),
    "too_long": _("“%(title)s”太长，请写短些（%(word)s……）。"),
    "shape": _("“%(title)s”的内容不是规定的样子（%(word)s）。"),
}

# Why a file that was read cannot be put in now.
CONFIRM_FAULTS: dict[str, Any] = {
    "nothing": _("没有可以导入的行。"),
    "some_refused": _("有%(count)s行不能导入。请改好文件重新上传；或者选“只导入没有问题的行”。"),
    "changed_since": _("检查之后，这些事项又有了新的变化：%(names)s。请重新上传检查。"),
    "under_way": _("检查之后，有人开始编制其中的事项。一行也没有导入，请重新上传检查。"),
    "not_ready": _("这个文件不在等待确认，可能已经导入或放弃。"),
}

EXPORT_FAULTS: dict[str, Any] = {
    "nothing": _("没有符合条件的事项可以导出。"),
    "too_long": _("事项“%(code)s”的“%(title)s”太长，表格的一格放不下。请导出 JSON。"),
}
