"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused, Unavailable


class DatasetRefused(Refused):
    """A dataset's name, columns or key cannot be so; `reasons` lists everything."""

    code, title = "lake.dataset_refused", _("数据集的结构有问题，请按提示修改。")


class BatchBroken(Refused):
    """The batch's values do not fit what was said of them; it stays as it was landed, and nothing of it is in the dataset."""

    code, title = (
        "lake.batch_broken",
        _("这一批数据与约定的结构不符，没有入湖；原始数据已原样保留，请核对字段对应后重新处理。"),
    )


class BatchAltered(Refused):
    """A part of a batch is not what was landed; `reasons` names each. Nothing is made of such a batch."""

    code, title = (
        "lake.batch_altered",
        _("这一批的原始数据在磁盘上被改动或者损坏了，没有入湖，数据还是原来的样子；请从备份恢复这些文件后再来一次。"),
    )


class BatchMoved(Conflict):
    """The batch is not in the state that this step needs."""

    code, title = "lake.batch_moved", _("这一批数据已处在另一个环节，请刷新后再试。")


class NoRoom(Unavailable):
    """The disk is full. What was being written is gone, what was landed before stays, and the same step goes on once there is room."""

    code, title = (
        "lake.no_room",
        _("数据湖所在的磁盘满了，没有数据丢失：请清理磁盘或扩容，之后会从停下的地方接着进行。"),
    )


class LakeAway(Unavailable):
    """The lake's catalogue or its folder does not answer."""

    code, title = "lake.away", _("数据湖暂时不可用，没有数据丢失，请稍后再试。")
