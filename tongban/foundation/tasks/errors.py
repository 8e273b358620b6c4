"""How tasks say no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotFound, Refused


class NoSuchJob(NotFound):
    code, title = "tasks.no_such_job", _("没有找到这项后台任务，它可能已完成并被清理。")


class JobNotFailed(Conflict):
    """Only a failed job can be run again."""

    code, title = "tasks.not_failed", _("这项后台任务没有失败，无需重试。")


class ReasonMissing(Refused):
    """Whoever abandons a job says why."""

    code, title = "tasks.reason_missing", _("请写明为什么放弃这项任务。")
