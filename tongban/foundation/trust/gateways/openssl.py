"""Keys and signatures of SM2 and P-256 by the system's own OpenSSL 3, called through its C interface.

The `cryptography` package carries an OpenSSL without SM2 (docs/decisions). The library is opened when the first key is needed,
so that everything else runs on a machine that lacks it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from cffi import FFI
from django.conf import settings
from django.utils.translation import gettext as _

from tongban.foundation.trust.errors import KeyStoreAway

SM2_ID = b"1234567812345678"  # GB/T 35276: the signer's identity when parties agree on none
_CURVES = {"sm2": b"SM2", "p256": b"P-256"}
_DIGESTS = {"sm2": "EVP_sm3", "p256": "EVP_sha256"}
_LONGEST_SIGNATURE = 80  # two integers of 33 bytes, in DER

ffi = FFI()
ffi.cdef("""
typedef ... EVP_PKEY; typedef ... EVP_PKEY_CTX; typedef ... EVP_MD_CTX; typedef ... EVP_MD; typedef ... EVP_CIPHER;
typedef ... BIO; typedef ... ENGINE; typedef ... OSSL_LIB_CTX;
unsigned long OpenSSL_version_num(void);
void ERR_clear_error(void);
EVP_PKEY_CTX *EVP_PKEY_CTX_new_from_name(OSSL_LIB_CTX *lib, const char *name, const char *query);
EVP_PKEY_CTX *EVP_PKEY_CTX_new_id(int id, ENGINE *engine);
void EVP_PKEY_CTX_free(EVP_PKEY_CTX *ctx);
int EVP_PKEY_keygen_init(EVP_PKEY_CTX *ctx);
int EVP_PKEY_CTX_set_group_name(EVP_PKEY_CTX *ctx, const char *name);
int EVP_PKEY_generate(EVP_PKEY_CTX *ctx, EVP_PKEY **key);
void EVP_PKEY_free(EVP_PKEY *key);
int EVP_PKEY_is_a(const EVP_PKEY *key, const char *name);
EVP_PKEY *d2i_PUBKEY(EVP_PKEY **key, const unsigned char **data, long length);
int i2d_PUBKEY(const EVP_PKEY *key, unsigned char **out);
EVP_PKEY *d2i_AutoPrivateKey(EVP_PKEY **key, const unsigned char **data, long length);
const EVP_MD *EVP_sm3(void);
const EVP_MD *EVP_sha256(void);
const EVP_CIPHER *EVP_aes_256_cbc(void);
EVP_MD_CTX *EVP_MD_CTX_new(void);
void EVP_MD_CTX_free(EVP_MD_CTX *ctx);
int EVP_DigestSignInit(EVP_MD_CTX *ctx, EVP_PKEY_CTX **key_ctx, const EVP_MD *digest, ENGINE *engine, EVP_PKEY *key);
int EVP_DigestSign(EVP_MD_CTX *ctx, unsigned char *out, size_t *length, const unsigned char *data, size_t size);
int EVP_DigestVerifyInit(EVP_MD_CTX *ctx, EVP_PKEY_CTX **key_ctx, const EVP_MD *digest, ENGINE *engine, EVP_PKEY *key);
int EVP_DigestVerify(EVP_MD_CTX *ctx, const unsigned char *sig, size_t length, const unsigned char *data, size_t size);
int EVP_PKEY_CTX_set1_id(EVP_PKEY_CTX *ctx, const void *id, int length);
typedef ... BIO_METHOD;
const BIO_METHOD *BIO_s_mem(void);
BIO *BIO_new(const BIO_METHOD *method);
BIO *BIO_new_mem_buf(const void *data, int length);
int BIO_read(BIO *bio, void *data, int length);
int BIO_free(BIO *bio);
int PEM_write_bio_PKCS8PrivateKey(BIO *bio, const EVP_PKEY *key, const EVP_CIPHER *cipher, const char *pass, int length,
                                  void *callback, void *data);
EVP_PKEY *PEM_read_bio_PrivateKey(BIO *bio, EVP_PKEY **key, void *callback, void *pass);
""")

Signer = Callable[[bytes], bytes]


@cache
def _library() -> Any:
    """The system's libcrypto with SM2, or `KeyStoreAway` with what is missing."""
    for name in settings.LIBCRYPTO:
        try:
            library = ffi.dlopen(name)
            usable = library.OpenSSL_version_num() >= 0x3000_0000
        except (OSError, AttributeError):
            continue
        context = library.EVP_PKEY_CTX_new_from_name(ffi.NULL, b"SM2", ffi.NULL) if usable else ffi.NULL
        if context != ffi.NULL:
            library.EVP_PKEY_CTX_free(context)
            return library
    raise KeyStoreAway(_("这台服务器没有支持 SM2 的 OpenSSL 3（libcrypto），无法签名。请管理员安装软件包 libssl3。"))


def _must(answer: Any, what: str) -> Any:
    """What OpenSSL answered, unless it is its way of saying no."""
    if answer == ffi.NULL or (isinstance(answer, int) and answer <= 0):
        _library().ERR_clear_error()
        raise KeyStoreAway(what=what)
    return answer


def _kept(pointer: Any) -> Any:
    """A key that is freed with its last reference."""
    return ffi.gc(pointer, _library().EVP_PKEY_free)


def new_key(algorithm: str) -> Any:
    """A new private key, in memory."""
    lib = _library()
    name = b"SM2" if algorithm == "sm2" else b"EC"
    context = ffi.gc(_must(lib.EVP_PKEY_CTX_new_from_name(ffi.NULL, name, ffi.NULL), "context"), lib.EVP_PKEY_CTX_free)
    _must(lib.EVP_PKEY_keygen_init(context), "keygen")
    if algorithm != "sm2":
        _must(lib.EVP_PKEY_CTX_set_group_name(context, _CURVES[algorithm]), "curve")
    key = ffi.new("EVP_PKEY **")
    _must(lib.EVP_PKEY_generate(context, key), "keygen")
    return _kept(key[0])


def private_key_from(der: bytes) -> Any:
    """A private key from unencrypted DER (test vectors, keys brought in)."""
    data = ffi.new("unsigned char[]", der)
    return _kept(
        _must(_library().d2i_AutoPrivateKey(ffi.NULL, ffi.new("const unsigned char **", data), len(der)), "key")
    )


def public_der(key: Any) -> bytes:
    """SubjectPublicKeyInfo."""
    lib = _library()
    size = _must(lib.i2d_PUBKEY(key, ffi.NULL), "public key")
    out = ffi.new("unsigned char[]", size)
    lib.i2d_PUBKEY(key, ffi.new("unsigned char **", out))
    return bytes(ffi.buffer(out, size))


def closed(key: Any, passphrase: str) -> bytes:
    """PKCS#8 in PEM, encrypted (PBES2, AES-256); `openssl pkey -passin` opens it."""
    lib, words = _library(), passphrase.encode()
    bio = ffi.gc(lib.BIO_new(lib.BIO_s_mem()), lib.BIO_free)
    args = (bio, key, lib.EVP_aes_256_cbc(), words, len(words), ffi.NULL, ffi.NULL)
    _must(lib.PEM_write_bio_PKCS8PrivateKey(*args), "PKCS#8")
    out = ffi.new("char[]", 4096)
    return bytes(ffi.buffer(out, _must(lib.BIO_read(bio, out, 4096), "PKCS#8")))


@lru_cache(maxsize=64)
def opened(pem: bytes, passphrase: str) -> Any:
    """The private key in an encrypted PKCS#8; `KeyStoreAway` when the passphrase or the file is wrong.

    The last ones are kept: deriving a key from the passphrase costs more than making one, and whoever issues a certificate opens
    the issuer's again.
    """
    lib = _library()
    bio = ffi.gc(lib.BIO_new_mem_buf(pem, len(pem)), lib.BIO_free)
    words = ffi.new("char[]", passphrase.encode())
    return _kept(_must(lib.PEM_read_bio_PrivateKey(bio, ffi.NULL, ffi.NULL, words), "PKCS#8"))


def _started(init: str, key: Any, algorithm: str) -> Any:
    """A context for one signature or one check: the key, its digest, and for SM2 the signer's identity."""
    lib = _library()
    context = ffi.gc(lib.EVP_MD_CTX_new(), lib.EVP_MD_CTX_free)
    key_context = ffi.new("EVP_PKEY_CTX **")
    digest = getattr(lib, _DIGESTS[algorithm])()
    _must(getattr(lib, init)(context, key_context, digest, ffi.NULL, key), "digest")
    if algorithm == "sm2":
        _must(lib.EVP_PKEY_CTX_set1_id(key_context[0], SM2_ID, len(SM2_ID)), "identity")
    return context


def signer_of(key: Any, algorithm: str) -> Signer:
    """Signs data with this key: SM2 with SM3, or ECDSA with SHA-256; DER {r, s}. Any thread may call it."""

    def sign(data: bytes) -> bytes:
        context = _started("EVP_DigestSignInit", key, algorithm)
        out, size = ffi.new("unsigned char[]", _LONGEST_SIGNATURE), ffi.new("size_t *", _LONGEST_SIGNATURE)
        _must(_library().EVP_DigestSign(context, out, size, data, len(data)), "signature")
        return bytes(ffi.buffer(out, size[0]))

    return sign


@lru_cache(maxsize=512)
def _public_key(der: bytes) -> Any:
    data = ffi.new("unsigned char[]", der)
    lib = _library()
    key = lib.d2i_PUBKEY(ffi.NULL, ffi.new("const unsigned char **", data), len(der))
    lib.ERR_clear_error()
    return None if key == ffi.NULL else _kept(key)


def algorithm_of(public: bytes) -> str | None:
    """`sm2` or `p256` for a SubjectPublicKeyInfo; None for any other key, or for nonsense."""
    key = _public_key(public)
    if key is None:
        return None
    if _library().EVP_PKEY_is_a(key, b"SM2"):
        return "sm2"
    return "p256" if b"\x2a\x86\x48\xce\x3d\x03\x01\x07" in public[:32] else None  # prime256v1


def is_signed(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the holder of a public key (SubjectPublicKeyInfo) signed `data`; False for nonsense of any kind."""
    algorithm = algorithm_of(public)
    if algorithm is None:
        return False
    context = _started("EVP_DigestVerifyInit", _public_key(public), algorithm)
    good = _library().EVP_DigestVerify(context, signature, len(signature), data, len(data)) == 1
    if not good:
        _library().ERR_clear_error()
    return good
