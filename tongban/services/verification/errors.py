"""How verification says no: only to what cannot be looked at at all. A forged licence is an answer, not an error."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Refused, TongbanError, TooMany


class NothingToVerify(Refused):
    code, title = "verification.nothing", _("请输入编号或核验码，或者选一个文件。")


class AskedTooOften(TooMany):
    code, title = "verification.too_many", _("核验得太频繁，请一分钟后再试。")


class FileTooBig(TongbanError):
    code, status, title = "verification.file_too_big", 413, _("文件超过20 MB，不能核验。请使用原来的证照文件。")
