"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotAllowed, Refused


class EntryRefused(Refused):
    """A text that breaks rules; every finding is a reason beside its field."""

    code, title = "catalogue.refused", _("目录内容还有要改正的地方。")


class OwnWork(NotAllowed):
    code, title = "catalogue.own_work", _("自己写的、自己审过的，要由另一位同事审核。")


class UnderReview(Conflict):
    code, title = "catalogue.under_review", _("这个条目正在审核，等有了结果再改。")


class ChangedMeanwhile(Conflict):
    code, title = "catalogue.changed_meanwhile", _("这份草稿刚刚被改过。请看过新的内容再改。")


class ReviewRefused(Refused):
    code, title = "catalogue.review_refused", _("不能这样答复。")


class AnsweredMeanwhile(Conflict):
    code, title = "catalogue.answered_meanwhile", _("这一步刚刚已经有人答复了。下面是现在的情况。")


class DemandRefused(Refused):
    code, title = "catalogue.demand_refused", _("数据需求还有要改正的地方。")


class FileUnusable(Refused):
    code, title = "catalogue.file_unusable", _("这个文件不能导入。")


# What is wrong with a text, by the code of `rules.content`.
FAULTS = {
    "missing": _("请填写“%(field)s”。"),
    "not_in_table": _("“%(field)s”里没有“%(value)s”这个选项。"),
    "not_a_day": _("“%(field)s”要写成 2026-11-21 这样的日期。"),
    "too_long": _("“%(field)s”最多%(longest)s个字。"),
    "entry_shape": _("“目”是3位数字。"),
    "detail_shape": _("“细目”最多12位数字。"),
    "condition_missing": _("有条件共享的，请写明共享条件。"),
    "condition_needless": _("无条件共享的，不能再附加条件。"),
    "modes_missing": _("请选至少一种共享方式。"),
    "ground_kind_missing": _("不予共享的，要选依据的是法律、行政法规还是国务院决定。"),
    "ground_clause": _("不予共享的，要写明依据的名称和条款，例如：《中华人民共和国统计法》第二十八条。"),
    "review_missing": _("不予共享的，请写下次复核的日期。"),
    "review_day": _("复核日期要在今天以后、%(days)s天之内。"),
    "open_condition_missing": _("有条件开放的，请写明开放条件。"),
    "open_ground_missing": _("不予开放的，请选理由并写明说明。"),
    "open_not_shared": _("不予共享的资源也不能向社会开放。"),
    "open_too_sensitive": _("数据项的级别太高，不能这样开放。"),
    "share_too_sensitive": _("有四级（高敏感）数据项，不能无条件共享。"),
    "no_item": _("请写产生它的事项；没有对应事项的，写明原因。"),
    "no_items": _("请至少列出一个数据项。"),
    "too_many_items": _("数据项最多%(most)s个。"),
    "no_key": _("用接口或库表提供的，请标出主键。"),
    "english_shape": _("“%(field)s”以字母开头，只用字母、数字和下划线。"),
    "twice": _("“%(field)s”重复了：%(value)s"),
    "length_shape": _("“%(field)s”请写数字，例如 18，或 16,2。"),
    "key_nullable": _("主键不能为空。"),
    "system_unknown": _("没有编号为“%(value)s”的系统。"),
    "related_unknown": _("没有代码为“%(value)s”的资源。"),
    "lead_unknown": _("没有叫“%(value)s”的部门。"),
    "code_fixed": _("已经发布的资源，代码不再改变，分类要和原来一样。"),
    "unchanged": _("和已经发布的一样，没有需要审核的变化。"),
}
