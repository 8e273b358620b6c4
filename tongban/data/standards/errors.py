"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused


class StandardRefused(Refused):
    """A code set or data element cannot be so; `reasons` lists everything."""

    code, title = "standards.refused", _("数据标准的内容有问题，请按提示修改。")


class StandardMoved(Conflict):
    """The version is not in the state that this step needs, or another is on its way."""

    code, title = "standards.moved", _("这个版本已处在另一个环节，请刷新后再试。")


class DraftChanged(Conflict):
    """Somebody has saved this draft since it was opened."""

    code, title = (
        "standards.draft_changed",
        _("这份草稿刚被别人改过，您填的还在这一页上。请另开一页看过他改的，再保存。"),
    )


class TableUnusable(Refused):
    """A file of codes from which nothing can be taken; nothing has been changed."""

    code, title = "standards.table_unusable", _("这个文件读不出代码，什么也没有改动，请按提示修改后再传。")
