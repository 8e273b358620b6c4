"""Those who walk through the stories, and what they can do with a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tongban.foundation.identity.actions.demo import DEMO_PASSWORD, demo_code
from tongban.foundation.kernel.tests.looking import axe_finds

REFUSALS = re.compile(r"status of 4\d\d")  # a refused form is told to the person; the browser mutters about it as well

# Marks on a map lie where the places are; the list beside it has the same targets (WCAG 2.5.8: equivalent).
IN_THE_LIST = re.compile(r'target-size: <div class="leaflet-marker-icon places-')


class Visitor:
    """One person with one browser. Whatever a page complains about in the console is kept and fails the story."""

    def __init__(self, page: Page, name: str = "") -> None:
        self.page, self.name = page, name
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not REFUSALS.search(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    # -- moving about

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def press(self, words: str | re.Pattern[str]) -> None:
        """The button or link with these words in the page's main part."""
        main = self.page.locator("main")
        main.get_by_role("button", name=words).or_(main.get_by_role("link", name=words)).first.click()

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    @property
    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    # -- signing in

    def sign_in(self, capacity: str = "", *, at: str = "/account/login/") -> None:
        """With password and, for staff, the second factor; then the capacity whose button has these words."""
        if at:
            self.page.goto(at)
        self.page.fill("input[name=login]", self.name)
        self.page.fill("input[name=password]", DEMO_PASSWORD)
        self.page.locator("main button[type=submit]").first.click()
        if "/2fa/" in self.page.url:
            self.page.fill("input[name=code]", demo_code(self.name))
            self.page.locator("main button[type=submit]").first.click()
        if "/account/enter/" in self.page.url:
            choices = self.page.locator("main button[name=capacity]")
            (choices.filter(has_text=capacity) if capacity else choices).first.click()

    # -- filling in

    def fill(self, answers: dict[str, Any], *, within: str = "") -> None:
        """Answers by label: text is typed, True ticks, an option is chosen by its words or its place; `within` names a group of fields."""
        main = self.page.locator("main")
        place = main.get_by_role("group", name=within, exact=True) if within else main
        for label, value in answers.items():
            self._answer(place.get_by_label(label).first, value)

    def _answer(self, field: Locator, value: Any) -> None:
        if value is True:
            field.check()
        elif isinstance(value, int):
            field.select_option(index=value)
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(str(value))

    def choose(self, option: str) -> None:
        """The choice (radio or tick) with these words."""
        self.page.locator("main .tb-choice").filter(has_text=option).first.click()

    def choose_radio(self, words: str) -> None:
        """The radio button with exactly these words."""
        self.page.locator("main").get_by_role("radio", name=words, exact=True).check()

    def card(self, words: str) -> Locator:
        """The block about one material."""
        return self.page.locator("[data-card]").filter(has_text=words).first

    # -- judging

    def judge(self, *, but: Sequence[str] = ()) -> list[str]:
        """What axe finds on this page, some of its rules left out, and whether it scrolls sideways."""
        faults = [fault for fault in axe_finds(self.page, but=but) if not IN_THE_LIST.match(fault)]
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append("the page is wider than the screen")
        return [f"{self.page.url} {fault}" for fault in faults]
