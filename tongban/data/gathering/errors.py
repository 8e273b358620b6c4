"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused, Unavailable


class SourceRefused(Refused):
    """What was said of a source cannot be so; `reasons` lists everything."""

    code, title = "gathering.source_refused", _("数据来源的设置有问题，请按提示修改。")


class SourceAway(Unavailable):
    """The source does not answer, or not to these credentials. Nothing is lost: the run goes on from where it was."""

    code, title = (
        "gathering.source_away",
        _("数据来源没有给出要的内容：请核对地址、账号和口令，并确认对方允许本平台访问。"),
    )


class SourceFetching(Unavailable):
    """A large file is being brought here so that it can be looked at: `done` of `size` bytes. `is_new`: nobody has been asked to yet."""

    code, title = "gathering.source_fetching", _("这个文件较大，正在后台取来，取好就能看。请稍等再试。")

    def __init__(self, *, mark: str, done: int, size: int, is_new: bool) -> None:
        self.mark, self.done, self.size, self.is_new = mark, done, size, is_new
        super().__init__()


class SourceUnreadable(Refused):
    """The source answers, and what it says cannot be read; `reasons` name file, sheet, row and column."""

    code, title = "gathering.source_unreadable", _("来源中的数据读不出来，请按提示核对。")


class JobRefused(Refused):
    """A gathering cannot be set up so; `reasons` lists everything."""

    code, title = "gathering.job_refused", _("归集任务的设置有问题，请按提示修改。")


class RunMoved(Conflict):
    """The run is not in the state that this step needs."""

    code, title = "gathering.run_moved", _("这次归集已处在另一个环节，请刷新后再试。")


class ShapeChanged(Conflict):
    """The source's columns are not those that were agreed on. Nothing is guessed: a steward decides."""

    code, title = "gathering.shape_changed", _("来源的表结构变了，归集已停下等您确认，没有数据丢失。")
