"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Refused


class AnswersRefused(Refused):
    """Answers that are not right yet; one reason per field, `field` is its path."""

    code, title = "answers_refused", _("有内容需要更正，请按下面的提示修改。")


class FormRefused(Refused):
    """A form definition that is not sound; `field` of a reason is its path in the definition."""

    code, title = "form_refused", _("表单定义有错误，改正后才能使用。")
