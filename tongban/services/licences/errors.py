"""Ways this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotAllowed, NotFound, Refused, TongbanError, Unavailable


class NoSuchType(NotFound):
    code, title = "licences.no_such_type", _("没有这种证照，或它还没有启用。")


class TypeRefused(Refused):
    """A definition of a licence type that may not be published."""

    code, title = "licences.type_refused", _("这个证照类型的定义有误，不能启用。")


class TypeNotForReview(Conflict):
    """A type that was published or given back meanwhile."""

    code, title = "licences.type_not_for_review", _("这个证照类型已经有人处理，请刷新后核对。")


class LicenceRefused(Refused):
    """What was to be written on a licence is not what its type asks for."""

    code, title = "licences.refused", _("证照内容有误，不能签发。")


class ActRefused(Refused):
    """A change of a licence without reason or document."""

    code, title = "licences.act_refused", _("不能这样变更证照，请补全下面的内容。")


class NotInThisState(Conflict):
    """Of a licence that is, say, cancelled already."""

    code, title = "licences.not_in_this_state", _("证照现在的状态不能这样办理，请刷新后核对。")


class LookRefused(Refused):
    """A question without a whole number, a purpose or a case."""

    code, title = "licences.look_refused", _("不能查询证照，请补全下面的内容。")


class NoConsent(NotAllowed):
    """The holder has not allowed it, and no scene says that the law does. The attempt stands in the ledger."""

    code, title = (
        "licences.no_consent",
        _("持证人没有授权，也没有登记可依法使用的共享场景。请让持证人出示亮证码，或在“我的证照”里授权。"),
    )


class CodeSpent(Conflict):
    """A shown code that is too old, used before, or never was."""

    code, title = "licences.code_spent", _("亮证码已失效。亮证码几分钟内有效，只能用一次，请持证人刷新后再出示。")


class GrantRefused(Refused):
    code, title = "licences.grant_refused", _("授权没有保存，请补全下面的内容。")


class NotShowable(Conflict):
    """A code, a permission or a copy of a licence that is not in force."""

    code, title = "licences.not_showable", _("证照现在不是有效状态，不能出示、授权或制作副本。")


class LayoutWaiting(Conflict):
    """The issuer has no seal that may be used now: there is no sealed file yet. The licence and its record stand."""

    code, title = (
        "licences.layout_waiting",
        _("颁发机关现在没有可用的电子印章，暂时不能生成盖章的文件。证照不受影响，内容和签名记录照常可以查看。"),
    )


class SealingAway(Unavailable):
    """The key store does not answer: the file is made when it does and somebody asks again."""

    code, title = (
        "licences.sealing_away",
        _("签章服务暂时无法使用，文件没有生成，请稍后再下载。证照不受影响，内容和签名记录照常可以查看。"),
    )


class CopyRefused(Refused):
    code, title = "licences.copy_refused", _("加注件没有生成，请补全下面的内容。")


class NotStanding(Conflict):
    """A licence that was to stand for a material and no longer can."""

    code, title = "licences.not_standing", _("电子证照刚刚失效，不能代替材料了，请上传材料。")


class BatchRefused(Refused):
    """A file that is no table of licences."""

    code, title = "licences.batch_refused", _("这个文件不能归集，请核对后再上传。")


class AlreadyThere(Conflict):
    """A licence of this type and number; its identifier is told to the department it is of."""

    code, title = "licences.already_there", _("库里已有同编号的这种证照。")

    def __init__(self, identifier: str = "") -> None:
        super().__init__(f"{self.title}{identifier}", identifier=identifier)


class KeyMissing(TongbanError):
    """A create without an `Idempotency-Key`."""

    code, title = "licences.key_missing", _("请在请求头 Idempotency-Key 中给出1至200个字符的提交编号。")


class KeyReused(Conflict):
    code, title = "licences.key_reused", _("同一个提交编号已经用于另一份内容。请换一个编号再提交。")


class LookSpent(Conflict):
    """A look that was answered under this key more than ten minutes ago: what may be seen now is asked anew."""

    code, title = "licences.look_spent", _("用这个提交编号的查询已经超过10分钟。请换一个编号重新查询。")


class GatheringRefused(Refused):
    code, title = "licences.gathering_refused", _("这一步还不能完成。")


class SceneRefused(Refused):
    code, title = "licences.scene_refused", _("共享场景没有保存，请补全下面的内容。")


class SceneMoved(Conflict):
    """Somebody has taken the step, or stopped it."""

    code, title = "licences.scene_moved", _("场景现在不在这一步，请刷新后核对。")


# What is wrong with a value on a licence, a definition, an act or a question: sentences by code.
FIELD_WORDS = {
    "missing": _("请填写%(name)s。"),
    "long": _("%(name)s太长了，请写短一些。"),
    "date": _("%(name)s不是日期，请写成2026-01-31的样子。"),
    "number": _("%(name)s要填数字。"),
    "code": _("%(name)s不在允许的取值之内。"),
    "unknown": _("这种证照没有“%(name)s”这一项。"),
    "holder_kind": _("这种证照不能发给%(name)s。"),
    "holder_number": _("持证人的证件号码不完整或校验码不对，请核对。"),
    "holder_name": _("请填写持证人的姓名或名称。"),
    "issuer": _("“%(name)s”不是这种证照的颁发机关。"),
    "ends_before": _("有效期的最后一天不能早于第一天。"),
    "later": _("%(name)s不能在今天以后。"),
}
TYPE_WORDS = {
    "shape": _("“%(path)s”的写法不对。"),
    "definer_code": _("证照类型代码的前18位不是有效的统一社会信用代码。"),
    "twice": _("有两个数据项的标识相同。"),
    "length": _("有效期的种类和年数、天数对不上。"),
    "gaps": _("证照编号的规则里有不认识的空位，或没有流水号。"),
    "pages": _("版面的“%(path)s”画不出来，请检查。"),
    "pages_gap": _("版面里的空位“%(path)s”不是这种证照的数据项。"),
    "older": _("已有更新的版本，不能再发布这一版。"),
}
ACT_WORDS = {
    "reason_missing": _("请写明理由，至少2个字。"),
    "reason_long": _("理由太长，请不要超过500个字。"),
    "document_missing": _("请写明依据的文书名称和文号。"),
    "until_past": _("暂扣的最后一天不能早于今天。"),
    "until_missing": _("这种证照的有效期由颁发机关写明，请填写延续到哪一天。"),
    "from_later": _("新的一版马上生效，旧的一版同时作废，所以有效期起不能晚于今天。"),
}
LOOK_WORDS = {
    "number": _("身份证号或统一社会信用代码不完整或校验码不对。只能用号码查询，不能用姓名查询。"),
    "purpose": _("请写明用途，至少2个字。"),
    "case_no": _("请写明为哪个办件使用。"),
}
COPY_WORDS = {
    "purpose": LOOK_WORDS["purpose"],
    "purpose_long": _("用途太长，请不要超过40个字。"),
    "user_missing": _("请写明给谁使用，例如某银行、某学校。"),
    "user_long": _("名称太长，请不要超过40个字。"),
    "until_missing": _("请填写使用到哪一天。"),
    "until_past": _("使用的最后一天不能早于今天。"),
    "until_far": _("加注件最长使用一年，请选近一些的日子。"),
}
GRANT_WORDS = {
    "fields": _("请至少选一项允许看的内容。"),
    "purpose": LOOK_WORDS["purpose"],
    "until_missing": _("请填写授权到哪一天，或选“只用一次”。"),
    "until_past": _("授权的最后一天不能早于今天。"),
    "until_far": _("授权最长一年，请选近一些的日子。"),
    "department": _("请选择授权给哪个部门。"),
}
SCENE_WORDS = {
    "name": _("请写明场景名称，2至100个字。"),
    "purpose": LOOK_WORDS["purpose"],
    "ground": _("法律依据要写到条，比如“食品安全法第一百一十条”。没有依据就不填。"),
    "fields": _("请至少选一项，而且只能选这种证照有的内容。"),
    "until_missing": _("请填写用到哪一天。"),
    "until_past": _("用到的日子不能早于今天。"),
    "until_far": _("最长三年，到期可以再提。"),
    "issuer": _("请选择颁发这种证照的部门。"),
    "own": _("本部门颁发的证照不需要登记场景。"),
    "twice": _("已经有一个同名的场景，请先停用，或换一个名称。"),
    "note": _("请写明意见，2至300个字。"),
    "process": _("请写明谁在哪一步查、查了怎么用，6至500个字。"),
}
