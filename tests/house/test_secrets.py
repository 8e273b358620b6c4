"""How secrets are kept, as the settings say and not as tests in a hurry do it."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password

from tongban.config.settings import identity


def test_passwords_are_kept_as_argon2(settings) -> None:
    settings.PASSWORD_HASHERS = identity.PASSWORD_HASHERS
    kept = make_password("willow-teapot-31")
    assert kept.startswith("argon2$argon2id$")
    assert check_password("willow-teapot-31", kept)
