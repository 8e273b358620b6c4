"""Ways this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotAllowed, NotFound, Refused, Unavailable


class BillRefused(Refused):
    """A bill that the law does not allow."""

    code, title = "payments.bill_refused", _("这项收费没有依据或金额有误，不能收取。")


class NotPayable(Conflict):
    """Paid before, refunded, or cancelled with its case."""

    code, title = "payments.not_payable", _("这张缴款单不需要缴费，或已经缴过。")


class NoSuchChannel(NotFound):
    code, title = "payments.no_such_channel", _("没有这种缴费方式，请换一种。")


class BadSignature(NotAllowed):
    """A callback that does not come from the channel, or was altered or kept too long on its way."""

    code, title = "payments.bad_signature", _("支付通知的签名不正确或已过期。")


class AmountDiffers(Conflict):
    """The channel reports another amount than was asked for; a person must look at it."""

    code, title = "payments.amount_differs", _("支付金额与应缴金额不一致，请联系财政部门核对。")


class ChannelSilent(Unavailable):
    code, title = "payments.channel_silent", _("缴费渠道暂时没有响应，请稍后再试。您没有被扣款。")


class ReceiptMissing(Refused):
    code, title = "payments.receipt_missing", _("请填写收据编号，4至40个字符。")


SENTENCES = {
    "receipt_missing": _("请填写收据编号，4至40个字符。"),
    "refund_paper_missing": _("请填写退付书编号，4至40个字符。"),
    "no_basis": _("收费项目没有写明依据。"),
    "negative": _("收费金额不能为负。"),
}
