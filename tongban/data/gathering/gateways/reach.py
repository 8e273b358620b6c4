"""How far a source may lie: a host that is not this machine itself, a folder or file below the department's own."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceAway, SourceRefused
from tongban.foundation.kernel.errors import Reason


def address_of(host: str, port: int) -> str:
    """The address a host is reached at. Raises `SourceAway` when nobody knows it, `SourceRefused` when it is this machine."""
    if settings.GATHERING_INSIDE:
        return ""
    try:
        found = {str(row[4][0]).partition("%")[0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise SourceAway(reasons=[Reason("host", _("找不到这台主机，请核对主机名或地址。"), "host")]) from None
    if any(_is_ours(ipaddress.ip_address(one)) for one in found):
        raise SourceRefused(reasons=[Reason("inside", _("不能连接本平台自己的服务器。"), "host")])
    return sorted(found)[0]


def answers(host: str, port: int) -> None:
    """Whether anybody is there, without waiting long. Raises `SourceAway`."""
    if host.startswith("/"):  # a socket of this machine, for trying out
        return
    try:
        socket.create_connection((host, port), timeout=5).close()
    except TimeoutError:
        raise SourceAway(
            reasons=[Reason("timeout", _("等不到对方应答：网络不通，或被防火墙拦住，请对方开通。"), "host")]
        ) from None
    except OSError as fault:
        field = "host" if isinstance(fault, socket.gaierror) else "port"
        told = (
            _("找不到这台主机，请核对主机名或地址。")
            if field == "host"
            else _("这台主机的这个端口上没有数据库应答，请核对端口，并请对方确认服务已启动。")
        )
        raise SourceAway(reasons=[Reason("host" if field == "host" else "refused", told, field)]) from None


def _is_ours(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_loopback or mapped.is_link_local or mapped.is_unspecified or mapped.is_multicast


def below(name: str) -> Path:
    """A file or folder of the inbox by its name, which begins with its department's code; whether it is there is not asked."""
    root = Path(settings.GATHERING_ROOT).resolve()
    found = (root / name).resolve()
    if found == root or not found.is_relative_to(root):
        raise SourceRefused(reasons=[Reason("outside", _("只能用本部门文件夹里的文件。"), "folder")])
    return found
