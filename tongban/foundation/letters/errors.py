"""How letters say no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import NotFound, TongbanError


class LetterNotFound(NotFound):
    code, title = "letters.not_found", _("没有找到这份文书，或者您无权查看。")


class TemplateNotFound(TongbanError):
    code, status, title = "letters.no_template", 500, _("没有这种文书的模板，请联系管理员。")


class TypesettingFailed(TongbanError):
    """The template's source is at fault, never what people wrote: that is only shown as text."""

    code, status, title = "letters.typesetting_failed", 500, _("这份文书暂时无法生成，请稍后再试或联系工作人员。")
