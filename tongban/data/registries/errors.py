"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused


class LookRefused(Refused):
    """A register is only opened for a stated purpose and with a whole number."""

    code, title = "registries.look_refused", _("不能查询登记信息。")


class RegisterRefused(Refused):
    """A register's rules cannot be so; `reasons` lists everything."""

    code, title = "registries.rules_refused", _("登记库的规则有问题，请按提示修改。")


class BuildMoved(Conflict):
    """The register is being built, or has nothing to be built by."""

    code, title = "registries.build_moved", _("这个库正在生成，或者还没有发布的规则，请稍后再试。")


class AmendmentMoved(Conflict):
    """Title and keeper: another change waits already, or this one was answered meanwhile."""

    code, title = (
        "registries.amendment_moved",
        _("这个库的名称和管理部门已有一项变更在等审核，或者这项变更已有人处理，请刷新后再看。"),
    )


class SourcesMissing(Conflict):
    """The rules name datasets that nobody has gathered; `reasons` names each."""

    code, title = "registries.sources_missing", _("规则里的来源还没有归集，请先归集，或者修改规则。")


class SettlingRefused(Refused):
    """A decision needs what was chosen and why."""

    code, title = "registries.settling_refused", _("还不能这样认定，请按提示补充。")


class AlreadyJoined(Conflict):
    """Each thing is merged once: into another it is only merged after it was parted, and never with what is merged into it."""

    code, title = "registries.already_joined", _("这一边已经并到别的登记里了。要换一条，请先把原来的分开。")


class SettledMeanwhile(Conflict):
    """The sources no longer say what was decided upon, or somebody else decided."""

    code, title = "registries.settled_meanwhile", _("来源的数据变了，或者已有人处理，请刷新后再看。")


NOT_GATHERED = _("“%(dataset)s”还没有归集。")
