Signing keys may lie in a hardware module behind PKCS#11 (`TONGBAN_KEY_STORE=pkcs11`); when it does not answer, nothing is half done.
