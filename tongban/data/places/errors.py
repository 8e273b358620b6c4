"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused


class BoundaryRefused(Refused):
    """A file of boundaries with faults; `reasons` lists them, and nothing has been changed."""

    code, title = "places.boundary_refused", _("这个边界文件不能用，什么也没有改动，请按提示修改后再传。")


class DivisionsMoved(Conflict):
    """There is no version of the code set to take over, or an older one than is held."""

    code, title = "places.divisions_moved", _("没有可以采用的区划代码版本，或者它比现在用的还旧。")


class DivisionsHeld(Conflict):
    """The version that holds today is what the tree says already."""

    code, title = "places.divisions_held", _("今天施行的版本已经采用了，不用再采用一次。")


class TakeoverUnderWay(Conflict):
    """Divisions are being taken over: no second time at once, and no boundaries meanwhile."""

    code, title = "places.takeover_under_way", _("正在采用行政区划代码，请等它完成，或者先放弃那一次。")


class TakeoverEnded(Conflict):
    """It is done, failed or was given up already."""

    code, title = "places.takeover_ended", _("这一次采用已经结束了。")


class ReadingRefused(Refused):
    """An address is only given out for a stated purpose and case."""

    code, title = "places.reading_refused", _("不能读取地址，请写明目的和办件编号。")


class AreaRefused(Refused):
    """A part of the map that is none: four numbers, west, south, east, north."""

    code, title = "places.area_refused", _("地图范围不对，请重新打开地图。")
