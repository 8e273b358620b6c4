"""Ways this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotFound, Refused, Unavailable


class KeyStoreAway(Unavailable):
    """The key store or its key does not answer; nothing was signed and nothing is half done."""

    code, title = "trust.key_store_away", _("签名密钥暂时无法使用，本次操作没有生效，请稍后再试。")


class KeyOutOfUse(KeyStoreAway):
    """The key's certificate is suspended or revoked; nobody signs with it until an administrator replaces it."""

    code, title = "trust.key_out_of_use", _("签名所用的证书已暂停或吊销，本次操作没有生效，请联系安全管理员。")


class CertificateNotFound(NotFound):
    code, title = "trust.certificate_not_found", _("没有找到这张证书。")


class ApplicationNotFound(NotFound):
    code, title = "trust.application_not_found", _("没有找到这份证书申请。")


class ApplicationRefused(Refused):
    """An application for a certificate that cannot be taken; every reason is listed."""

    code, title = "trust.application_refused", _("证书申请有内容需要更正。")


class NotWaiting(Conflict):
    """Somebody decided on the application before."""

    code, title = "trust.not_waiting", _("这份申请已经处理过。")


class SamePerson(Refused):
    """Two persons are needed: whoever applied does not approve."""

    code, title = "trust.same_person", _("申请人不能审批自己提出的申请，请由另一位安全管理员办理。")


class WrongState(Conflict):
    """A certificate that is revoked, or not in the state the person saw."""

    code, title = "trust.wrong_state", _("这张证书当前的状态不能这样操作，请刷新后再看。")


class ReasonMissing(Refused):
    code, title = "trust.reason_missing", _("请选择原因，并用4至200个字写明依据。")


class BadRequest(Refused):
    """A question to the time stamp or status service that it cannot read."""

    code, title = "trust.bad_request", _("请求的格式不正确。")


SENTENCES = {
    "kind": _("请选择证书给谁用：个人、设备或软件系统。"),
    "algorithm": _("请选择算法：SM2 或 P-256。"),
    "title": _("请填写证书主体名称，1至64个字，不含特殊符号。"),
    "words": _("请用4至200个字说明。"),
    "unreadable": _("不能读取这份证书请求，请粘贴 PKCS#10 的 PEM 文本。"),
    "curve": _("证书请求里的公钥不是 SM2 或 P-256。"),
    "other_curve": _("证书请求里的公钥与所选算法不一致。"),
    "not_signed": _("证书请求的签名不正确，请用同一把私钥重新生成。"),
    "reason": _("请选择吊销的原因。"),
}
