"""Keys, certificates and time stamps of our own."""

import os
from pathlib import Path

from tongban.config.launch.cluster import home

from .security import _secret

# Where private keys lie: closed files, or a token behind PKCS#11 (a hardware module; SoftHSM2 in tests).
KEY_STORE = os.environ.get("TONGBAN_KEY_STORE", "file")  # file or pkcs11
KEY_FOLDER = Path(os.environ.get("TONGBAN_KEY_FOLDER", home() / "keys" / "trust"))
KEY_SECRET = _secret("TONGBAN_KEY_SECRET").hex()
KEY_KEPT_S = 30  # how long a process goes on with a key that was replaced or revoked elsewhere
KEYS_KEPT = 2000  # how many keys a process keeps opened
PKCS11_LIBRARY = os.environ.get("TONGBAN_PKCS11_LIBRARY", "/usr/lib/softhsm/libsofthsm2.so")
PKCS11_TOKEN = os.environ.get("TONGBAN_PKCS11_TOKEN", "tongban")
PKCS11_PIN = os.environ.get("TONGBAN_PKCS11_PIN", "")
# The rest stay in files: PKCS#11 has no mechanism for SM2 yet, each maker has one of his own.
PKCS11_ALGORITHMS = ["p256"]

# OpenSSL 3 with SM2, the first that opens.
LIBCRYPTO = [
    n for n in (os.environ.get("TONGBAN_LIBCRYPTO", ""), "libcrypto.so.3", "libcrypto.3.dylib", "libcrypto.so") if n
]

TRUST_NAME = os.environ.get("TONGBAN_TRUST_NAME", "通办政务服务")  # the organisation certificates name
# How long certificates live, in days.
CERTIFICATE_DAYS = {"root": 7300, "issuing": 3650, "ocsp": 1095, "tsa": 3650}
CERTIFICATE_DAYS_END = int(os.environ.get("TONGBAN_CERTIFICATE_DAYS", "1095"))
CERTIFICATE_NEAR_DAYS = 30  # before its end a certificate is marked, and may be renewed
