"""Keys in a token behind PKCS#11: SoftHSM2, as Debian has it (`make setup` installs it for tests)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tongban.foundation.trust import gateways
from tongban.foundation.trust.actions import key_for, sign
from tongban.foundation.trust.errors import KeyStoreAway
from tongban.foundation.trust.gateways import keyring
from tongban.foundation.trust.gateways.pkcs11 import TokenStore
from tongban.foundation.trust.models import StoredKey
from tongban.foundation.trust.queries import check_signature

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
OWNER = "department:01900000-0000-7000-8000-000000000001"
pytestmark = pytest.mark.skipif(
    not LIBRARY.exists() or not shutil.which("softhsm2-util"),
    reason="SoftHSM2 is absent (Debian package softhsm2)",
)


@pytest.fixture(scope="module")
def _token(tmp_path_factory) -> None:
    """A token of our own; the library reads where it lies once in a process."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "conf").write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "conf")
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "tongban-test",
        "--pin",
        "2468",
        "--so-pin",
        "2468",
    ]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def store(_token, settings) -> Iterator[TokenStore]:
    settings.KEY_STORE, settings.PKCS11_LIBRARY = "pkcs11", str(LIBRARY)
    settings.PKCS11_TOKEN, settings.PKCS11_PIN = "tongban-test", "2468"
    gateways.store_named.cache_clear()
    store = gateways.store_named("pkcs11")
    yield store
    store._drop()
    gateways.store_named.cache_clear()


def test_a_key_of_the_token_signs(db, store) -> None:
    key = key_for(OWNER, "letters", "p256")
    assert check_signature(key.certificate, b"data", sign(key, b"data"))
    assert not check_signature(key.certificate, b"date", sign(key, b"data"))
    assert StoredKey.objects.get(pk=key.id).store == "pkcs11"


def test_sm2_stays_in_files(db, store) -> None:
    assert StoredKey.objects.get(pk=key_for(OWNER, "letters", "sm2").id).store == "file"


def test_another_session_finds_the_key(db, store) -> None:
    key_for(OWNER, "letters", "p256")
    keyring.take_off()
    store._drop()
    again = key_for(OWNER, "letters", "p256")
    assert check_signature(again.certificate, b"data", sign(again, b"data"))


def test_a_private_key_never_leaves(db, store) -> None:
    kid = key_for(OWNER, "letters", "p256").kid
    from pkcs11 import Attribute

    from tongban.foundation.trust.gateways.pkcs11 import _private_key

    private = _private_key(store._session, kid)
    assert private[Attribute.SENSITIVE] is True
    assert private[Attribute.EXTRACTABLE] is False


def test_a_token_taken_away_in_mid_signing_is_said_so(db, store, settings) -> None:
    key = key_for(OWNER, "letters", "p256")
    store._session.close()
    settings.PKCS11_TOKEN = "gone"
    for _again in range(2):
        with pytest.raises(KeyStoreAway):
            sign(key, b"data")
    settings.PKCS11_TOKEN = "tongban-test"
    assert check_signature(key.certificate, b"data", sign(key, b"data"))


def test_nothing_is_half_done_without_the_token(db, store, settings) -> None:
    store._drop()
    settings.PKCS11_TOKEN = "gone"
    with pytest.raises(KeyStoreAway):
        key_for(OWNER, "letters", "p256")
    assert not StoredKey.objects.exists()
