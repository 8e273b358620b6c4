"""Ways this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotFound, Refused, Unavailable


class NoSuchTemplate(NotFound):
    """Nobody has written the sentences of this message."""

    code, title = "notifications.no_such_template", _("没有这种消息的模板。")


class TemplateUnfit(Refused):
    code, title = "notifications.template_unfit", _("消息模板的内容不完整，请补齐后再发布。")


class NotSent(Unavailable):
    """A gateway did not take the message; it is tried again later."""

    code, title = "notifications.not_sent", _("短信或邮件暂时没有发出，系统稍后会自动重发。")


class AlreadySent(Conflict):
    code, title = "notifications.already_sent", _("这条短信或邮件已经发出，不需要重发。")
