"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import NotAllowed, Refused


class RegistrationRefused(Refused):
    code, title = "identity.registration_refused", _("信息没有通过核对，请更正后再提交。")


class MandateRefused(Refused):
    code, title = "identity.mandate_refused", _("授权没有办成，请按提示更正。")


class AddressRefused(Refused):
    code, title = "identity.address_refused", _("地址没有保存，请按提示更正。")


class AppointmentRefused(Refused):
    code, title = "identity.appointment_refused", _("任职没有保存，请按提示更正。")


class DeputyRefused(Refused):
    code, title = "identity.deputy_refused", _("代理没有办成，请按提示更正。")


class ResetRefused(Refused):
    code, title = "identity.reset_refused", _("密码没有重设，请按提示更正。")


class AccountRefused(Refused):
    code, title = "identity.account_refused", _("账号没有保存，请按提示更正。")


class ProofTermRefused(Refused):
    code, title = "identity.proof_term_refused", _("再次验证的规定没有保存，请按提示更正。")


class ClearanceRefused(Refused):
    code, title = "identity.clearance_refused", _("数据访问级别没有调整，请按提示更正。")


class SecondFactorNeeded(NotAllowed):
    """A staff post can only be entered after a second factor in this very session."""

    code, title = "identity.second_factor_needed", _("进入工作岗位前，请先用动态口令或通行密钥再验证一次。")


class PasswordDue(NotAllowed):
    """A post cannot be entered with a password that is too old or that somebody else chose."""

    code, title = "identity.password_due", _("进入工作岗位前，请先修改密码。")


class CapacityRefused(NotAllowed):
    """The mandate or appointment behind a chosen capacity has ended."""

    code, title = "identity.capacity_refused", _("这个办事身份已失效，请重新选择。")
