"""Every page of the look list, on both widths and, where room is scarcest, in 关怀版: nothing for axe to find, nothing
wider than the screen.

Leaves a picture of each in the folder that `TONGBAN_SCREENSHOTS` names.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import RequestFactory
from playwright.sync_api import Route, expect

from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.errors import Conflict
from tongban.web.refusals import answer, broken, unavailable

from .conftest import Meet
from .looker import NARROW, Looker
from .people import Visitor
from .steps import ITEM, SITUATION, fill_in, open_form

ways = pytest.mark.parametrize("care", [False, True], ids=["plain", "care"])
PUBLIC = {
    "home": "/",
    "items": "/items/",
    "search": "/items/?q=开小饭馆",
    "nothing-found": "/items/?q=zzzzzz",
    "guide": f"/items/{ITEM}/",
    "departments": "/departments/",
    "halls": "/halls/",
    "help": "/help/",
    "ratings": "/ratings/",
    "sign-in": "/account/login/",
    "register": "/account/register/",
    "forgotten": "/account/forgotten/",
    "audit-roots": "/audit/roots/",
    "verify": "/verify/",
    "apply-question": f"/apply/{ITEM}/",
    "apply-ready": f"/apply/{ITEM}/{SITUATION}",
    "not-found": "/nothing-here/",
}
MINE = {
    "my": "/my/",
    "my-cases": "/my/cases/",
    "my-drafts": "/my/drafts/",
    "my-messages": "/my/messages/",
    "my-companies": "/my/companies/",
    "my-looks": "/my/looks/",
    "my-security": "/my/security/",
    "prove-again": "/account/prove/",
    "my-bills": "/my/bills/",
    "my-licences": "/my/licences/",
    "my-addresses": "/my/addresses/",
    "my-address": "/my/addresses/new/",
    "refused": "/console/cases/",
}
REFUSALS = {
    "broken": broken,
    "unavailable": unavailable,
    "changed-meanwhile": lambda request: answer(request, Conflict(), frame="ui/base.html"),
}
OFFICES = {
    "sysadmin": {"organisations": "/console/organisations/", "staff": "/console/staff/"},
    "auditadmin": {"audit": "/console/audit/"},
    "secadmin": {
        "rights": "/console/rights/",
        "threats": "/console/threats/",
        "threat-rules": "/console/threats/rules/",
        "threat-rule": "/console/threats/rules/exports/",
    },
    "health-clerk": {"identity-check": "/console/persons/", "register-look": "/console/registries/"},
    "operator": {"operations": "/console/operations/", "tasks": "/console/tasks/", "outbox": "/console/outbox/"},
    "market-manager": {"console-items": "/console/items/"},
    "health-manager": {
        "waiting": "/console/waiting/",
        "letters": "/console/letters/",
        "licence-types": "/console/licences/types/",
        "notices": "/console/notices/",
        "library": "/console/authoring/library/",
        "exchange": "/console/items/exchange/",
        "gathering": "/console/licences/gathering/",
        "scenes": "/console/licences/scenes/",
        "new-scene": "/console/licences/scenes/new/?type=11510000LA5100018L001",
        "online": "/console/items/online/",
        "four-lists": "/console/items/lists/",
        "item": "/console/items/elderly-card/",
        "item-history": "/console/items/elderly-card/history/",
        "item-suspend": "/console/items/elderly-card/suspend/",
        "item-version": "/console/items/elderly-card/versions/1/",
        "decisions": "/console/decisions/",
        "decision-checks": "/console/decisions/checks/",
        "decision-item": "/console/decisions/items/elderly-card/",
        "rules": "/console/authoring/rules/elderly-card/",
    },
    "health-steward": {
        "data-board": "/console/gathering/",
        "data-sources": "/console/gathering/sources/",
        "data-interface": "/console/gathering/sources/new/?kind=api",
        "data-sftp": "/console/gathering/sources/new/?kind=sftp",
        "data-s3": "/console/gathering/sources/new/?kind=s3",
    },
    "standard-keeper": {
        "code-tables": "/console/items/tables/",
        "code-table": "/console/items/tables/user_topic_type/",
        "standards": "/console/standards/",
        "standards-found": "/console/standards/?q=性别",
        "elements": "/console/standards/elements/",
        "standard-new": "/console/standards/new/?kind=element",
    },
    "civil-steward": {
        "catalogue": "/console/catalogue/",
        "catalogue-found": "/console/catalogue/?q=老年&domain=03",
        "catalogue-figures": "/console/catalogue/figures/",
        "catalogue-mine": "/console/catalogue/mine/",
        "catalogue-exchange": "/console/catalogue/exchange/",
        "demand-new": "/console/catalogue/demands/new/",
        "duty-list": "/console/catalogue/lists/duty/",
        "demand-list": "/console/catalogue/lists/demand/",
        "no-share-list": "/console/catalogue/lists/no-share/",
    },
    "data-admin": {
        "catalogue-reviews": "/console/catalogue/reviews/",
        "lineage": "/console/lineage/",
        "places": "/console/places/",
        "place": "/console/places/divisions/511602/",
        "place-boundaries": "/console/places/boundaries/",
        "place-addresses": "/console/places/addresses/",
        "place-address": "/console/places/addresses/511602001001000008/",
        "place-map": "/console/places/map/",
        "place-map-street": "/console/places/map/?division=511602001",
        "place-map-door": "/console/places/map/?division=511602001001&at=511602001001000007",
        "assets": "/console/lineage/assets/",
        "topics": "/console/topics/",
        "topics-items": "/console/topics/items/",
        "topics-cases": "/console/topics/cases/",
        "topics-projects": "/console/topics/projects/",
        "registers": "/console/registers/",
        "register": "/console/registers/population/",
        "register-new": "/console/registers/new/",
        "register-companies": "/console/registers/legal_persons/",
        "register-records": "/console/registers/economy/records/",
        "register-conflicts": "/console/registers/credit/conflicts/",
        "register-pairs": "/console/registers/population/pairs/",
        "register-no-pairs": "/console/registers/economy/pairs/",
        "register-rules": "/console/registers/licences/rules/",
        "register-amend": "/console/registers/licences/amend/",
        "lineage-element": "/console/lineage/picture/?at=element:population:phone",
        "register-returned": "/console/registers/returned/",
    },
    "supervisor": {"supervision": "/console/supervision/", "components": "/console/components/"},
}


@ways
def test_what_anybody_sees(meet: Meet, care: bool) -> None:
    looker = Looker(meet(width=NARROW, care=care), care=care)
    looker.at(PUBLIC)
    assert not looker.faults, "\n".join(looker.faults)


@ways
def test_what_a_citizen_sees(meet: Meet, care: bool) -> None:
    citizen = meet("lihua", capacity="李华", width=NARROW, care=care)
    looker = Looker(citizen, care=care)
    looker.at(MINE)
    citizen.go("/my/cases/")
    case = citizen.page.locator("main .tb-list h2 a").first.get_attribute("href")
    looker.at({"my-case": str(case), "my-receipt": f"{case}receipt/"})
    for name, words, page in (("my-correction", "残疾人证", "correction/"), ("my-withdrawal", "身份证", "withdraw/")):
        citizen.go("/my/cases/")
        looker.at({name: f"{_case_about(citizen, words)}{page}"})
    citizen.go("/my/cases/?state=closed")
    looker.at({"my-rating": f"{_case_about(citizen, '个体工商户')}rate/"})
    assert not looker.faults, "\n".join(looker.faults)


def _case_about(citizen: Visitor, words: str) -> str:
    return str(citizen.page.locator("main .tb-list h2 a").filter(has_text=words).first.get_attribute("href"))


def _sending(html: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=html, content_type="text/html")


def test_what_one_sees_when_the_house_cannot(meet: Meet) -> None:
    """Pages of a fault, of a database that is silent and of a thing that changed meanwhile, shown as the house would send them."""
    visitor = meet(width=NARROW)
    looker = Looker(visitor)
    for name, make in REFUSALS.items():
        request = RequestFactory().get("/")
        request.session, request.actor = {}, ANONYMOUS
        html = make(request).content.decode()
        visitor.page.route(f"**/shown/{name}/", _sending(html))
        looker.at({name: f"/shown/{name}/"})
    assert not looker.faults, "\n".join(looker.faults)


def test_what_one_sees_without_a_network(meet: Meet) -> None:
    citizen = meet("chenjing", capacity="丝语理发店", width=NARROW)
    looker = Looker(citizen)
    open_form(citizen)
    citizen.page.context.set_offline(True)
    citizen.fill({"场所名称": "断网时写的店名"})
    expect(citizen.page.locator("#saved")).to_have_attribute("data-state", "failed")
    looker.here("offline")
    citizen.page.context.set_offline(False)
    expect(citizen.page.locator("#saved")).to_have_attribute("data-state", "saved")
    citizen.complaints.clear()  # the browser says that the network is gone, which it was
    assert not looker.faults, "\n".join(looker.faults)


@ways
def test_the_steps_of_an_application(meet: Meet, care: bool) -> None:
    citizen = meet("chenjing", capacity="丝语理发店", width=NARROW, care=care)
    looker = Looker(citizen, care=care)
    open_form(citizen)
    looker.here("apply-form")
    form = citizen.page.url
    citizen.press("下一步：交材料")
    looker.here("apply-form-errors")
    fill_in(citizen)
    citizen.press("下一步：交材料")
    citizen.sees("检测或者评价报告")
    looker.here("apply-materials")
    looker.at({f"apply-{step}": form.replace("/form/", f"/{step}/") for step in ("delivery", "check", "discard")})
    assert not looker.faults, "\n".join(looker.faults)


@ways
def test_what_the_desk_sees(meet: Meet, care: bool) -> None:
    clerk = meet("approval-clerk", width=NARROW, care=care)
    looker = Looker(clerk, care=care)
    looker.at({"console": "/console/", "worklist": "/console/cases/"})
    case = clerk.page.locator("main tbody th a").first.get_attribute("href")
    looker.at({"console-case": str(case), "console-correction": f"{case}ask_correction/"})
    assert not looker.faults, "\n".join(looker.faults)


@pytest.mark.parametrize("who", list(OFFICES))
def test_what_other_offices_see(meet: Meet, who: str) -> None:
    looker = Looker(meet(who, width=NARROW))
    looker.at(OFFICES[who])
    assert not looker.faults, "\n".join(looker.faults)
