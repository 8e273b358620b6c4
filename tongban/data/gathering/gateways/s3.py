"""A bucket of a department's object store that speaks S3. The address looked at is the one that is called; no redirect is followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi
import urllib3
from django.utils.translation import gettext_lazy as _
from minio import Minio
from minio.error import InvalidResponseError, MinioException, S3Error
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from tongban.data.gathering.errors import SourceAway
from tongban.foundation.kernel.errors import Reason

from .folders import Files
from .reach import address_of
from .stores import MOST_LISTED, Found, Store, changed, copied, no_file, too_many

SECONDS = 30  # for one answer's next piece
PIECE = 1 << 20
TOLD: Mapping[str, tuple[Any, str]] = {
    "host": (_("找不到这台主机，请核对主机名或地址。"), "url"),
    "timeout": (_("等不到对方应答：网络不通，或被防火墙拦住，请对方开通。"), "url"),
    "refused": (_("这个地址上没有对象存储应答，请核对，并请对方确认服务已启动。"), "url"),
    "certificate": (_("对方的证书不被信任，没有连接。请对方换上有效的证书。"), "url"),
    "password": (_("对方不认这个访问密钥，请核对，或请对方重新开通。"), "user"),
    "rights": (_("这个访问密钥没有列出或读取这个桶的权限，请对方授权。"), "bucket"),
    "bucket": (_("对方没有这个桶，请核对桶名。"), "bucket"),
    "region": (_("地域不对，请向对方问清后填写。"), "region"),
    "clock": (_("对方说时间对不上：两边的时钟差了15分钟以上，请对方校准。"), "url"),
    "broken": (_("对方的对象存储出了错，请对方检查。已经读到的都在，过一会儿会接着读。"), ""),
}
# What a server says → what it means.
SAID = {
    "NoSuchBucket": "bucket",
    "InvalidBucketName": "bucket",
    "InvalidAccessKeyId": "password",
    "SignatureDoesNotMatch": "password",
    "InvalidSecurity": "password",
    "ExpiredToken": "password",
    "AccessDenied": "rights",
    "AllAccessDisabled": "rights",
    "AuthorizationHeaderMalformed": "region",
    "PermanentRedirect": "region",
    "RequestTimeTooSkewed": "clock",
}
GONE, OTHER = ("NoSuchKey", "ResourceNotFound"), ("PreconditionFailed",)


def away(code: str) -> SourceAway:
    return SourceAway(reasons=[Reason(code, TOLD[code][0], TOLD[code][1])])


class _Plain(HTTPConnection):
    def _new_conn(self) -> Any:
        self._dns_host = address_of(self.host, self.port or 80) or self._dns_host
        return super()._new_conn()


class _Secure(HTTPSConnection):
    def _new_conn(self) -> Any:
        self._dns_host = address_of(self.host, self.port or 443) or self._dns_host
        return super()._new_conn()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class Bucket(Store):
    """The objects right below a prefix. An object is whole or not there: none is ever half written."""

    def __init__(self, place: Mapping[str, Any], secret: Mapping[str, Any]) -> None:
        url, folder = urlsplit(str(place["url"])), str(place.get("folder") or "").strip("/")
        self.bucket, self.prefix = str(place["bucket"]), f"{folder}/" if folder else ""
        self.pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=5, read=SECONDS),
            retries=urllib3.Retry(total=2, connect=1, read=0, redirect=False, backoff_factor=0.5),
            cert_reqs="CERT_REQUIRED",
            ca_certs=certifi.where(),
        )
        self.pool.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
        with _told():
            self.client = Minio(
                url.netloc,
                access_key=str(secret.get("user", "")),
                secret_key=str(secret.get("password", "")),
                secure=url.scheme == "https",
                region=str(place.get("region") or "us-east-1"),
                http_client=self.pool,
            )

    def close(self) -> None:
        self.pool.clear()

    def listing(self) -> Iterator[Found]:
        """A thousand an answer, as the server gives them."""
        with _told():
            for count, one in enumerate(self.client.list_objects(self.bucket, prefix=self.prefix)):
                if count >= MOST_LISTED:
                    raise too_many()
                name = str(one.object_name).removeprefix(self.prefix)
                if name and not one.is_dir and "/" not in name:
                    yield _found(name, one)

    def found(self, name: str) -> Found:
        if "/" in name:
            raise no_file(name)
        with _told(name):
            return _found(name, self.client.stat_object(self.bucket, self.prefix + name))

    def fetched(self, one: Found, folder: Path) -> Path:
        """Asked for as it was when it was listed: another one is refused by the server itself."""

        def write(new: Any) -> None:
            with _told(one.name):
                answer = self.client.get_object(
                    self.bucket, self.prefix + one.name, request_headers={"If-Match": f'"{one.look}"'}
                )
                try:
                    for piece in answer.stream(PIECE):
                        new.write(piece)
                finally:
                    answer.close()
                    answer.release_conn()

        return copied(one, folder, write)

    def beginning(self, one: Found, size: int) -> bytes | None:
        with _told(one.name):
            answer = self.client.get_object(self.bucket, self.prefix + one.name, length=size)
            try:
                return bytes(answer.read(size))
            finally:
                answer.close()
                answer.release_conn()


class S3(Files):
    keeps = Bucket


def _found(name: str, one: Any) -> Found:
    at = one.last_modified.timestamp() if one.last_modified else 0.0
    return Found(name, one.size or 0, at, str(one.etag).strip('"'))


@contextmanager
def _told(name: str = "") -> Iterator[None]:
    """What goes wrong meanwhile, in our words; `name`: the object it is about."""
    try:
        yield
    except S3Error as fault:
        code = str(fault.code)
        if code in GONE:
            raise no_file(name) from None
        if code in OTHER:
            raise changed(name) from None
        raise away(SAID.get(code, "broken")) from None
    except urllib3.exceptions.HTTPError as fault:
        raise away(_why(fault)) from None
    except InvalidResponseError:  # whoever answers there is no store
        raise away("refused") from None
    except (MinioException, ValueError):
        raise away("bucket" if not name else "broken") from None


def _why(fault: urllib3.exceptions.HTTPError) -> str:
    cause = getattr(fault, "reason", None) or fault
    if isinstance(cause, urllib3.exceptions.NameResolutionError):
        return "host"
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        return "refused"
    if isinstance(cause, urllib3.exceptions.SSLError):
        return "certificate"
    if isinstance(cause, urllib3.exceptions.TimeoutError):
        return "timeout"
    return "broken" if isinstance(cause, urllib3.exceptions.ProtocolError) else "refused"
