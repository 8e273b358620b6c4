"""邓睿 adds a passkey to his account, and the next day signs in with it alone."""

from __future__ import annotations

from tongban.foundation.identity.actions.demo import DEMO_PASSWORD

from .conftest import Meet
from .people import Visitor

THUMB = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_a_device(visitor: Visitor, house: str) -> str:
    """Gives the browser a make-believe fingerprint reader; passkeys belong to a name, so the address must be one."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": THUMB})
    return house.replace("127.0.0.1", "localhost")


def test_a_passkey_is_added_and_opens_the_door_alone(meet: Meet, house: str) -> None:
    citizen = meet()
    address = with_a_device(citizen, house)
    citizen.name = "dengrui"
    citizen.sign_in("邓睿", at=f"{address}/account/login/")

    citizen.go(f"{address}/account/2fa/passkeys/add/")
    citizen.page.fill("input[name=password]", DEMO_PASSWORD)
    citizen.press("继续")
    citizen.page.fill("input[name=name]", "我的手机")
    assert not citizen.judge()
    citizen.page.locator("form[data-passkey] button").click()
    citizen.sees("每个只能用一次")  # recovery codes come with the first second factor
    assert not citizen.judge()
    citizen.go(f"{address}/my/security/")
    citizen.sees("我的手机")

    citizen.page.context.clear_cookies()
    citizen.go(f"{address}/account/login/")
    citizen.press("用通行密钥登录")
    citizen.sees("以什么身份办事")
    assert not citizen.judge()
