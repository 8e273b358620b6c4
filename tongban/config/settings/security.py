"""Keys, cookies, headers."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from tongban.config.launch.cluster import home
from tongban.foundation.kernel.durable import write_once


def _secret(name: str) -> bytes:
    """A secret from the environment, or one made once and kept in the data folder (development, embedded)."""
    if given := os.environ.get(name):
        return hashlib.sha256(given.encode()).digest()
    path: Path = home() / "keys" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):  # another process was first
            write_once(path, os.urandom(32))
    return path.read_bytes()


SECRET_KEY = _secret("TONGBAN_SECRET").hex()
DATA_KEYS = {"k1": _secret("TONGBAN_DATA_KEY")}
DATA_KEY_CURRENT = BLIND_INDEX_KEY = "k1"
DATA_CIPHER = os.environ.get("TONGBAN_DATA_CIPHER", "aes")  # aes or sm4

ALLOWED_HOSTS = os.environ.get("TONGBAN_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
HTTPS = os.environ.get("TONGBAN_HTTPS", "") == "1"
# How many proxies of ours a request passes (nginx: 1). The address the outermost saw counts, and its word on TLS.
PROXIES = int(os.environ.get("TONGBAN_PROXIES", "0"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TONGBAN_ORIGINS", "").split(",") if o]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # asked on the machine itself, past nginx
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
