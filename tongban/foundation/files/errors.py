"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import NotFound, Refused, Unavailable


class FileRefused(Refused):
    """A file that cannot be taken; each reason says what is wrong with it and what to do."""

    code, title = "files.refused", _("这个文件不能上传。")


class NoSuchFile(NotFound):
    code, title = "files.not_found", _("没有找到这个文件，可能已被移走，或您不能查看。")


class ScannerUnavailable(Unavailable):
    code, title = "files.scanner_unavailable", _("正在检查文件的程序暂时没有响应，请稍后再上传，您填写的内容已保留。")


class FileDamaged(Unavailable):
    """Its bytes are not those that were kept: altered, cut off, or another file's. Nothing of them is ever given out."""

    code, title = "files.damaged", _("这个文件在存储中已损坏，暂时无法打开。请联系工作人员从备份中恢复。")


class DataKeyMissing(Unavailable):
    code, title = "files.key_missing", _("打开这个文件的密钥不在系统中，暂时无法打开。请联系工作人员。")
