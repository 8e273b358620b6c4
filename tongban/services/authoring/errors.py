"""How authoring says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Refused


class NewItemRefused(Refused):
    code, title = "authoring.new_item", _("还不能新建，请按提示补充。")


class HandInRefused(Refused):
    """The draft still has findings; `reasons` lists each with its place."""

    code, title = "authoring.not_ready", _("这份草稿还不能提交审核，请按下面的问题逐条修改。")


class TreeChangeRefused(Refused):
    code, title = "authoring.tree_change", _("情形不能这样改，请按提示调整。")


class FormEditRefused(Refused):
    """What was pressed on the form's page makes no sense there; each reason is a sentence."""

    code, title = "authoring.form_edit", _("这一步没有做成，请按提示更正。")
