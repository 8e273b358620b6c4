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
