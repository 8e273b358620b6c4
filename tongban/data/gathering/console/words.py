"""What codes mean to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.data.lake.errors import BatchAltered, BatchBroken, BatchMoved
from tongban.foundation.kernel.errors import Conflict, Refused, Unavailable
from tongban.foundation.kernel.listing import listed

# What a page tells beside what was typed; who may not, or has to show first who he is, is told by the house.
TOLD = (Refused, Conflict, Unavailable)
PLACE_WORDS: dict[str, tuple[Any, Any]] = {
    "host": (_("主机"), _("主机名或地址，如 10.1.2.3")),
    "port": (_("端口"), ""),
    "dbname": (_("库名"), ""),
    "database": (_("库名"), ""),
    "user": (_("账号"), _("请对方开一个只读账号。加密保存，不再显示。")),
    "password": (_("口令"), _("加密保存，不再显示。")),
    "host_key": (_("主机密钥指纹"), _("向对方要，形如 SHA256:…；第一次可以不填，试连时会告诉您，核对后再填。")),
    "key": (_("私钥"), _("用私钥登录时，把整个私钥文件贴在这里；没有就用口令。加密保存，不再显示。")),
    "bucket": (_("桶名"), ""),
    "region": (_("地域"), _("对方没有说就不填")),
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
    ("sftp", "password"): (_("口令"), _("用私钥登录时，是私钥的密码。加密保存，不再显示。")),
    ("sftp", "folder"): (_("文件夹"), _("对方服务器上的文件夹，如 /out/daily；不填就是登录后所在的文件夹。")),
    ("s3", "url"): (_("服务地址"), _("如 https://s3.example.gov.cn，不带桶名和路径")),
    ("s3", "folder"): (_("文件夹"), _("桶里的前缀，如 out/daily；不填就是整个桶的第一层。")),
    ("s3", "user"): (_("访问密钥"), _("Access Key。请对方开一个只能列出和读取的。加密保存，不再显示。")),
    ("s3", "password"): (_("访问密钥的口令"), _("Secret Key。加密保存，不再显示。")),
    ("api", "user"): (_("账号"), _("账号，或 OAuth 2.0 的客户端号。加密保存，不再显示。")),
    ("api", "password"): (_("口令、密钥或令牌"), _("加密保存，不再显示。")),
}
KIND_NOTES: dict[str, Any] = {
    "postgresql": _("数据库服务器，只读"),
    "mysql": _("数据库服务器，只读"),
    "sqlite": _("放在本部门文件夹里的一个数据库文件"),
    "api": _("一页一页读一个 JSON 列表，只读"),
    "sftp": _("对方服务器一个文件夹里的文件，只读"),
    "s3": _("对方一个桶里的文件，只读"),
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
WHY_NOT_ANEW = {one.code: one.title for one in (BatchAltered, BatchBroken, BatchMoved)}
CHANGES: dict[str, Any] = {"gone": _("没有了"), "new": _("新的"), "type": _("类型变了")}
ROW_FAULTS: dict[str, Any] = {
    "rule": _("不合质量规则%(name)s"),
    "key_missing": _("缺主键"),
    "missing": _("“%(name)s”是空的"),
    "unreadable": _("“%(name)s”不是%(kind)s"),
    "damaged": _("列数与表头不符，或者有读不出的单元格"),
    "check": _("“%(name)s”的校验码不对"),
    "code": _("“%(name)s”不在代码集里"),
    "length": _("“%(name)s”的长度不对"),
    "format": _("“%(name)s”的格式不对"),
    "range": _("“%(name)s”超出范围"),
}
CELL_FAULTS: dict[str, Any] = {
    "key_missing": _("缺主键"),
    "missing": _("是空的"),
    "unreadable": _("不是%(kind)s"),
    "check": _("校验码不对"),
    "code": _("不在代码集里"),
    "length": _("长度不对"),
    "format": _("格式不对"),
    "range": _("超出范围"),
}
# A step → what it is called, what it does.
STEP_WORDS: dict[str, tuple[Any, Any]] = {
    "half_width": (_("全角变半角"), _("ＡＢ１２ 变成 AB12")),
    "blanks": (_("去掉所有空白"), _("李 华 变成 李华")),
    "digits": (_("只留数字"), _("138-0000 1111 变成 13800001111")),
    "upper": (_("字母大写"), _("11x 变成 11X")),
    "date": (_("日期写成一样"), _("1990年3月7日、1990/3/7 变成 1990-03-07")),
    "codes": (_("换成代码"), _("男 变成 1")),
    "division": (_("地址换成区划代码"), _("地址里认得出的最小一级")),
}
CHECK_DIGITS: dict[str, Any] = {
    "id_number": _("公民身份号码（GB 11643）"),
    "uscc": _("统一社会信用代码（GB 32100）"),
    "mobile": _("手机号码"),
    "division": _("12位区划代码"),
}
# What a version of a mapping says otherwise → in words, and what comes of it.
CHANGED: dict[str, tuple[Any, Any]] = {
    "added": (_("“%(name)s”开始归集，来自“%(now)s”"), _("湖里的表多一列，下一次全部读时填上。")),
    "dropped": (_("“%(name)s”不再归集"), _("湖里的表留着这一列，以后是空的；以前的样子仍然可以查。")),
    "source": (_("“%(name)s”改从“%(now)s”来，原来是“%(was)s”"), _("下一次全部读。")),
    "kind": (
        _("“%(name)s”改读作%(now)s，原来是%(was)s"),
        _("湖里这一列换类型，下一次全部读时整张表重新填；以前的样子仍然可以查。"),
    ),
    "title": (_("“%(was)s”改叫“%(now)s”"), _("数据不变。")),
    "resource": (_("改为另一个数据资源的内容"), _("目录里从下一次归集起记在它上面。")),
    "item": (_("“%(name)s”改对应另一个数据项"), _("脱敏按新的数据项的级别。")),
    "steps": (_("“%(name)s”的标准化步骤变了"), _("从下一次归集起；湖里已有的，下一次全部读或者重做时变。")),
    "checks": (_("“%(name)s”的校验变了"), _("从下一次归集起；湖里已有的，下一次全部读或者重做时变。")),
    "keys": (_("主键改为%(now)s，原来是%(was)s"), _("下一次全部读时整张表按新的主键重新填；以前的样子仍然可以查。")),
    "cursor": (_("只增不减的列改为“%(now)s”，原来是“%(was)s”"), _("下一次全部读。")),
}


def fault_words(code: str, columns: Sequence[Mapping[str, Any]]) -> str:
    """A row's fault, as the lake codes it, in a sentence: `unreadable:born_on`."""
    what, _dot, name = code.partition(":")
    column: Mapping[str, Any] = next((one for one in columns if one["name"] == name), {})
    known = {"name": column.get("title") or name, "kind": VALUE_KINDS.get(column.get("kind", ""), "")}
    return str(ROW_FAULTS[what] % known) if what in ROW_FAULTS else code


def cell_words(code: str, column: Mapping[str, Any]) -> str:
    """The same of one value, where its column stands above it."""
    return str(CELL_FAULTS.get(code, code) % {"kind": VALUE_KINDS.get(column.get("kind", ""), "")})


def step_words(step: Mapping[str, Any]) -> str:
    """A step with what was chosen for it."""
    more = [str(step[name]) for name in ("set", "under") if step.get(name)]
    more += [_("%(count)s个对照") % {"count": len(step["own"])}] if step.get("own") else []
    more += [str(word) for name, word in (("excel", _("表格的天数")), ("minguo", _("民国年"))) if step.get(name)]
    word = str(STEP_WORDS[step["do"]][0]) if step["do"] in STEP_WORDS else step["do"]
    return f"{word}（{'，'.join(more)}）" if more else word


def check_words(column: Mapping[str, Any]) -> list[str]:
    """What a column is checked for."""
    told = [str(_("必填"))] if column.get("required") else []
    told += [str(CHECK_DIGITS.get(column["check"], column["check"]))] if column.get("check") else []
    told += [str(_("代码集 %(key)s") % {"key": column["code_set"]})] if column.get("code_set") else []
    for one in column.get("asked") or ():
        ends = f"{one.get('least', '')}–{one.get('most', '')}"
        told.append(
            {
                "length": str(_("长度 %(ends)s") % {"ends": ends}),
                "range": str(_("范围 %(ends)s") % {"ends": ends}),
                "format": str(_("格式 %(pattern)s") % {"pattern": one.get("pattern", "")}),
            }[one["kind"]]
        )
    return told


def change_words(change: Mapping[str, str], columns: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """One difference between two versions of a mapping, and what comes of it."""
    titles = {one["name"]: one.get("title") or one["name"] for one in columns}
    said, then = CHANGED[change["what"]]
    known = {
        name: VALUE_KINDS.get(value, value)
        if change["what"] == "kind"
        else listed(str(titles.get(one, one)) for one in value.split("、"))
        if change["what"] == "keys"
        else value or _("（没有）")
        for name, value in change.items()
    }
    return str(said % (known | {"name": titles.get(change["name"], change["name"])})), str(then)
