"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotAllowed, Refused


class AnswersRefused(Refused):
    """Answers that are not right yet; one reason per field, `field` is its path."""

    code, title = "answers_refused", _("有内容需要更正，请按下面的提示修改。")


class FormRefused(Refused):
    """A form definition that is not sound; `field` of a reason is its path in the definition."""

    code, title = "form_refused", _("表单定义有错误，改正后才能使用。")


class PartUnderReview(Conflict):
    code, title = "forms.part_under_review", _("公共库里的这一项已有一版等待审核，请等审核以后再改。")


class PartNotForReview(Conflict):
    code, title = "forms.part_not_for_review", _("这一版不在待审核状态，可能已有同事处理。请刷新后再看。")


class OwnPart(NotAllowed):
    code, title = "forms.own_part", _("自己写的要由另一位同事审核。")
