"""A folder on a department's SFTP server. Nothing is said to a server whose key is not the one a steward has pinned."""

from __future__ import annotations

import io
import socket
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from time import sleep, time
from typing import Any

import paramiko
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceAway, SourceRefused
from tongban.foundation.kernel.durable import is_full
from tongban.foundation.kernel.errors import Reason

from .folders import Files
from .reach import address_of
from .stores import MOST_LISTED, Found, Store, changed, copied, no_file, too_many

SECONDS = 30  # for one answer
SETTLED = 60  # seconds that a file must have lain untouched: one that is being written changes all the time
KINDS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
AT_ONCE = 64  # pieces of a file asked for ahead
TOLD: Mapping[str, tuple[Any, str]] = {
    "host": (_("找不到这台主机，请核对主机名或地址。"), "host"),
    "timeout": (_("等不到对方应答：网络不通，或被防火墙拦住，请对方开通。"), "host"),
    "refused": (_("这台主机的这个端口上没有 SFTP 应答，请核对端口，并请对方确认服务已启动。"), "port"),
    "gone": (_("读到一半对方断开了。已经读到的都在，会从断开的地方接着读。"), ""),
    "password": (_("对方不认这个账号、口令或私钥，请核对，或请对方重新开通。"), "password"),
    "no_sftp": (_("账号能登录，但没有开通 SFTP，请对方开通。"), "user"),
    "folder": (_("对方没有这个文件夹，请核对。"), "folder"),
    "rights": (_("这个账号没有读这个文件夹或文件的权限，请对方授权。"), "folder"),
}
FIRST = _("对方主机密钥的指纹是 %(key)s。请与对方核对，一致的话填到“主机密钥指纹”里再连接。")
OTHER = _(
    "对方的主机密钥变了，没有登录，也没有发送口令。现在的指纹是 %(key)s。"
    "可能是对方换了服务器，也可能有人冒充：请先与对方核对，再改这里的指纹。"
)
NO_KEY = _("私钥读不出来。请贴整个私钥文件；设了密码的，把密码填在“口令”里。")


def away(code: str) -> SourceAway:
    return SourceAway(reasons=[Reason(code, TOLD[code][0], TOLD[code][1])])


class Server(Store):
    """A folder, read only; a session of its own."""

    def __init__(self, place: Mapping[str, Any], secret: Mapping[str, Any]) -> None:
        self.folder = str(place.get("folder") or ".")
        key = _private_key(secret) if secret.get("key") else None
        self.transport = paramiko.Transport(_socket(str(place["host"]), int(place.get("port") or 22)))
        try:
            with _told("refused"):
                self.transport.start_client(timeout=SECONDS)
            self._known(str(place.get("host_key", "")))
            with _told("password"):
                self._enter(str(secret.get("user", "")), str(secret.get("password", "")), key)
            with _told("no_sftp"):
                self.sftp = self.transport.open_sftp_client() or _never()
                self.sftp.get_channel().settimeout(SECONDS)
        except BaseException:
            self.transport.close()
            raise

    def _known(self, pinned: str) -> None:
        """The key that the server showed is one of those pinned. Refuses before anything secret is said."""
        shown = self.transport.get_remote_server_key().asbytes()
        mark = "SHA256:" + b64encode(sha256(shown).digest()).decode().rstrip("=")
        if mark not in pinned.split():
            code, text = ("host_key_changed", OTHER) if pinned.strip() else ("host_key", FIRST)
            raise SourceRefused(reasons=[Reason(code, text % {"key": mark}, "host_key")])

    def _enter(self, user: str, password: str, key: paramiko.PKey | None) -> None:
        if key is not None:
            self.transport.auth_publickey(user, key)
        else:
            self.transport.auth_password(user, password)

    def close(self) -> None:
        self.transport.close()

    def listing(self) -> Iterator[Found]:
        with _told("gone", missing="folder"):
            for count, one in enumerate(self.sftp.listdir_iter(self.folder)):
                if count >= MOST_LISTED:
                    raise too_many()
                if S_ISREG(one.st_mode or 0) and "/" not in one.filename:
                    yield _found(one.filename, one)

    def found(self, name: str) -> Found:
        with _told("gone"):
            try:
                return _found(name, self.sftp.stat(self._path(name)))
            except FileNotFoundError:
                raise no_file(name) from None

    def rest(self, one: Found) -> Found:
        """Waits for a file that was changed within the last minute; one that goes on changing comes another time."""
        age = time() - one.at
        if not 0 <= age < SETTLED:
            return one
        sleep(SETTLED - age)
        if self.found(one.name).look != one.look:
            raise changed(one.name)
        return one

    def fetched(self, one: Found, folder: Path) -> Path:
        def write(new: Any) -> None:
            with _told("gone"):
                try:
                    self.sftp.getfo(self._path(one.name), new, max_concurrent_prefetch_requests=AT_ONCE)
                except FileNotFoundError:
                    raise no_file(one.name) from None
                except PermissionError:
                    raise
                except OSError as fault:
                    if "mismatch" in str(fault):
                        raise changed(one.name) from None
                    raise

        path = copied(one, folder, write)
        if self.found(one.name).look != one.look:
            raise changed(one.name)
        return path

    def beginning(self, one: Found, size: int) -> bytes | None:
        with _told("gone"):
            try:
                with self.sftp.open(self._path(one.name)) as opened:
                    opened.prefetch(size, AT_ONCE)
                    return bytes(opened.read(size))
            except FileNotFoundError:
                raise no_file(one.name) from None

    def _path(self, name: str) -> str:
        if "/" in name:
            raise no_file(name)
        return f"{self.folder.rstrip('/') or '/'}/{name}"


class SFTP(Files):
    keeps = Server


def _found(name: str, told: paramiko.SFTPAttributes) -> Found:
    return Found(name, told.st_size or 0, float(told.st_mtime or 0), f"{told.st_size}-{told.st_mtime}")


def _socket(host: str, port: int) -> socket.socket:
    """To the address that was looked at, and to no other."""
    try:
        return socket.create_connection((address_of(host, port) or host, port), timeout=SECONDS)
    except socket.gaierror:
        raise away("host") from None
    except TimeoutError:
        raise away("timeout") from None
    except OSError:
        raise away("refused") from None


def _private_key(secret: Mapping[str, Any]) -> paramiko.PKey:
    for kind in KINDS:
        try:
            return kind.from_private_key(io.StringIO(str(secret["key"])), str(secret.get("password", "")) or None)
        except (paramiko.SSHException, ValueError, TypeError, IndexError):
            continue
    raise SourceRefused(reasons=[Reason("key", NO_KEY, "key")])


def _never() -> paramiko.SFTPClient:
    raise away("no_sftp")


@contextmanager
def _told(otherwise: str, missing: str = "") -> Iterator[None]:
    """What goes wrong meanwhile, in our words; `otherwise` is what it means when the server just says no."""
    try:
        yield
    except paramiko.AuthenticationException:
        raise away("password") from None
    except FileNotFoundError:
        raise away(missing or otherwise) from None
    except PermissionError:
        raise away("rights") from None
    except TimeoutError:
        raise away("timeout") from None
    except (paramiko.SSHException, EOFError, OSError) as fault:
        if is_full(fault):  # it is our own disk that a copy is written to
            raise
        raise away(otherwise) from None
