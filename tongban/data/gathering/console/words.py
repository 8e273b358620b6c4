"""What codes mean to people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused, Unavailable

# What a page tells beside what was typed; who may not, or has to show first who he is, is told by the house.
TOLD = (Refused, Conflict, Unavailable)
PLACE_WORDS: dict[str, tuple[Any, Any]] = {
    "host": (_("主机"), _("主机名或地址，如 10.1.2.3")),
    "port": (_("端口"), ""),
    "dbname": (_("库名"), ""),
    "database": (_("库名"), ""),
    "user": (_("账号"), _("请对方开一个只读账号。加密保存，不再显示。")),
    "password": (_("口令"), _("加密保存，不再显示。")),
    "path": (_("文件"), _("本部门文件夹里的文件名，如 office.db")),
    "url": (_("接口地址"), _("完整的地址，如 https://api.example.gov.cn/people")),
    "list": (_("列表的位置"), _("返回的 JSON 里哪一项是列表，如 data.rows；整个返回就是列表的不填")),
    "paging": (_("怎样翻页"), ""),
    "page_name": (_("翻页的参数名"), _("如 page、offset 或 cursor")),
    "next": (_("下一页在哪一项"), _("返回的 JSON 里给出标记或地址的那一项，如 data.next")),
    "size_name": (_("每页行数的参数名"), _("如 size 或 limit")),
    "size": (_("每页行数"), ""),
    "auth": (_("怎样证明身份"), ""),
    "header": (_("密钥放在哪个请求头"), _("不填就是 X-API-Key")),
    "token_url": (_("取令牌的地址"), _("只有 OAuth 2.0 要填")),
    "folder": (_("文件夹"), _("本部门文件夹里的下一级文件夹；不填就用本部门的文件夹。")),
}
CHOICES: dict[tuple[str, str], Any] = {
    ("paging", ""): _("不翻页，一次全返回"),
    ("paging", "page"): _("按页号：1、2、3"),
    ("paging", "offset"): _("按跳过的行数：0、100、200"),
    ("paging", "cursor"): _("按上一页给的标记"),
    ("paging", "next"): _("按上一页给的地址"),
    ("auth", ""): _("不用"),
    ("auth", "key"): _("密钥放在请求头里"),
    ("auth", "basic"): _("账号和口令（Basic）"),
    ("auth", "bearer"): _("令牌（Bearer）"),
    ("auth", "oauth"): _("OAuth 2.0 客户端凭证"),
}
# What a field is called in a source of one kind alone.
OWN_WORDS: dict[tuple[str, str], tuple[Any, Any]] = {
    ("api", "user"): (_("账号"), _("账号，或 OAuth 2.0 的客户端号。加密保存，不再显示。")),
    ("api", "password"): (_("口令、密钥或令牌"), _("加密保存，不再显示。")),
}
KIND_NOTES: dict[str, Any] = {
    "postgresql": _("数据库服务器，只读"),
    "mysql": _("数据库服务器，只读"),
    "sqlite": _("放在本部门文件夹里的一个数据库文件"),
    "api": _("一页一页读一个 JSON 列表，只读"),
    "files": _("上传的文件，或者放在本部门文件夹里的文件"),
}
VALUE_KINDS: dict[str, Any] = {
    "text": _("文字"),
    "integer": _("整数"),
    "decimal": _("小数"),
    "number": _("浮点数"),
    "date": _("日期"),
    "moment": _("日期时间"),
    "yes_no": _("是否"),
}
WHO: dict[str, Any] = {"department": _("来源部门"), "platform": _("数据平台")}
WHY: dict[str, Any] = {
    "away": _("来源连接不上"),
    "unreadable": _("来源的数据读不出来"),
    "asking": _("表结构变了，等来源部门确认"),
    "mapping": _("数据与字段对应不符"),
    "paused": _("有人暂停了，还没有继续"),
    "running": _("还在归集"),
    "failed": _("入湖时出错"),
    "not_begun": _("到点没有开始"),
}
CHANGES: dict[str, Any] = {"gone": _("没有了"), "new": _("新的"), "type": _("类型变了")}
ROW_FAULTS: dict[str, Any] = {
    "key_missing": _("缺主键"),
    "missing": _("“%(name)s”是空的"),
    "unreadable": _("“%(name)s”不是%(kind)s"),
    "damaged": _("列数与表头不符，或者有读不出的单元格"),
}


def fault_words(code: str, columns: list[dict[str, Any]]) -> str:
    """A row's fault, as the lake codes it, in a sentence: `unreadable:born_on`."""
    what, _dot, name = code.partition(":")
    column = next((one for one in columns if one["name"] == name), {})
    known = {"name": column.get("title") or name, "kind": VALUE_KINDS.get(column.get("kind", ""), "")}
    return str(ROW_FAULTS[what] % known) if what in ROW_FAULTS else code
