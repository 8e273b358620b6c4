"""Ways out of the house: SMS and e-mail. Without a real gateway, pretend ones keep what they would have sent."""

import os

SMS_GATEWAY = os.environ.get("TONGBAN_SMS_GATEWAY", "pretend")  # pretend or http
SMS_URL = os.environ.get("TONGBAN_SMS_URL", "")
SMS_KEY = os.environ.get("TONGBAN_SMS_KEY", "")
SMS_SECRET = os.environ.get("TONGBAN_SMS_SECRET", "")
SMS_SIGN = os.environ.get("TONGBAN_SMS_SIGN", "通办")
SMS_TIMEOUT_S = 10

EMAIL_GATEWAY = os.environ.get("TONGBAN_EMAIL_GATEWAY", "pretend")  # pretend or smtp
EMAIL_HOST = os.environ.get("TONGBAN_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("TONGBAN_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("TONGBAN_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("TONGBAN_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("TONGBAN_EMAIL_TLS", "") == "1"
EMAIL_TIMEOUT = 10
EMAIL_DOMAIN = os.environ.get("TONGBAN_EMAIL_DOMAIN", "tongban.invalid")
DEFAULT_FROM_EMAIL = os.environ.get("TONGBAN_EMAIL_FROM", f"notice@{EMAIL_DOMAIN}")
EMAIL_SUBJECT_PREFIX = ""
