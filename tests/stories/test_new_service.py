"""An official makes a new service by following docs/guides/new-service.md: no code, no file. Clicks and keys are counted."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, expect
from pypdf import PdfReader
from pypinyin import lazy_pinyin

from .conftest import ROOT, Meet
from .papers import photo
from .people import Visitor
from .steps import act, agree

GUIDE = ROOT / "docs" / "guides" / "new-service.md"
RUN = f"{int(time.time()) % 10**6:06d}"  # names and codes of its own, so that it can be told again in the same house
NAME, PLAIN = f"爱心母婴室认定{RUN}", f"认定爱心母婴室{RUN}"
ROOM = "清渠母婴室"
SECONDS_A_CLICK, SECONDS_A_KEY, TEN_MINUTES = 3, 0.5, 600  # unhurried hands, which read before they press
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def strokes(text: str) -> int:
    """Keys pressed to write a text: Chinese by its sounds and a space for each run of words, everything else key by key."""
    runs = CHINESE.findall(text)
    return len(CHINESE.sub("", text)) + sum(len("".join(lazy_pinyin(run))) + 1 for run in runs)


@dataclass
class Counter:
    """Clicks and keystrokes, by step."""

    steps: dict[str, list[int]] = field(default_factory=dict)

    def begin(self, step: str) -> None:
        self.steps[step] = [0, 0]

    def add(self, *, clicks: int = 0, keys: int = 0) -> None:
        last = next(reversed(self.steps.values()))
        last[0] += clicks
        last[1] += keys

    def sum(self, steps: tuple[str, ...]) -> tuple[int, int]:
        return sum(self.steps[step][0] for step in steps), sum(self.steps[step][1] for step in steps)


class Hands:
    """A person's hands on a page; what they do is counted."""

    def __init__(self, visitor: Visitor, counter: Counter) -> None:
        self.visitor, self.page, self.counter = visitor, visitor.page, counter

    def click(self, at: Locator | str | re.Pattern[str]) -> None:
        """A place, or the button or link with these words in the main part."""
        self.counter.add(clicks=1)
        if not isinstance(at, Locator):
            self.visitor.press(at)
        else:
            at.click()

    def write(self, at: Locator, text: str) -> None:
        """Click into a field and write over what stands there."""
        self.counter.add(clicks=1, keys=strokes(text))
        at.fill(text)

    def choose(self, at: Locator, label: str) -> None:
        """Open a list and choose."""
        self.counter.add(clicks=2)
        at.select_option(label=label)

    def key(self, at: Locator, key: str) -> None:
        self.counter.add(keys=1)
        at.press(key)

    def at(self, path: str) -> Locator:
        return self.page.locator(f'[data-path="{path}"]').first

    def tab(self, words: str) -> None:
        self.saved()
        self.click(self.page.locator("#author-tabs").get_by_role("link", name=words))

    def saved(self) -> None:
        """Nobody has to wait for this; the test looks whether it is so."""
        self.page.evaluate("document.activeElement.blur()")
        state = self.page.locator("[data-draft-state]")
        expect(state).not_to_have_attribute("data-state", re.compile("saving|failed|refused"))


@dataclass
class Story:
    manager: Hands
    checker: Hands
    meet: Meet
    counter: Counter
    draft: str = ""
    case_id: str = ""


def begin(story: Story) -> None:
    hands = story.manager
    hands.page.goto("/console/")
    hands.click(hands.page.get_by_role("link", name="事项编制").first)
    hands.click("新建事项")
    hands.write(hands.page.get_by_label("事项名称"), NAME)
    hands.write(hands.page.get_by_label("基本编码"), f"000723{RUN}")
    hands.click("开始编制")
    expect(hands.page.locator("h1")).to_have_text(NAME)
    story.draft = hands.page.url


def say_what_it_is(story: Story) -> None:
    hands = story.manager
    hands.write(hands.at("/plain_name"), PLAIN)
    hands.write(hands.at("/summary"), "母婴室建好了，可以申请认定，认定后上地图。")
    hands.click("添加一条依据")
    hands.write(hands.at("/by_law/0/law"), "母婴保健法实施办法")
    hands.write(hands.at("/by_law/0/clause"), "第六条")
    hands.write(hands.at("/by_law/0/text"), "各级人民政府应当为公民提供母婴保健服务。")
    hands.write(hands.at("/accept_conditions"), "母婴室已经建好并对外开放")
    for path in ("/topics/person", "/topics/company"):
        hands.click(hands.page.locator(f'[data-path="{path}"]').first)
    hands.saved()


def ask_the_situation(story: Story) -> None:
    hands = story.manager
    hands.tab("情形")
    hands.click("在最后加一个问题")
    hands.write(hands.at("/situations/0/question"), "母婴室设在哪里？")
    hands.write(hands.at("/situations/0/options/0/label"), "商场、车站")
    hands.write(hands.at("/situations/0/options/1/label"), "单位里")
    hands.saved()


def list_the_materials(story: Story) -> None:
    hands = story.manager
    hands.tab("材料")
    for place, name in enumerate(("母婴室平面图", "单位同意书")):
        hands.click("添加材料")
        expect(hands.at(f"/materials/{place}/name")).to_be_focused()
        hands.write(hands.at(f"/materials/{place}/name"), name)
        hands.saved()
    hands.tab("情形")
    hands.click("对照表")
    hands.click(hands.page.get_by_label("第1种走法要“单位同意书”"))
    expect(hands.page.locator('[data-row="/materials/1"]')).to_contain_text("单位里")
    hands.saved()


def build_the_form(story: Story) -> None:
    """By keyboard once the field is chosen."""
    hands = story.manager
    hands.tab("表单")
    hands.click(hands.page.locator('[data-add][data-kind="text"]'))
    piece = hands.page.locator("[data-canvas] [data-choose][aria-current]")
    expect(piece).to_be_focused()
    hands.key(piece, "Enter")
    hands.write(hands.page.get_by_label("名称", exact=True), "母婴室名称")
    hands.saved()
    expect(hands.page.locator("[data-canvas]")).to_contain_text("母婴室名称")


def shorten_the_flow(story: Story) -> None:
    hands = story.manager
    hands.tab("流程")
    hands.write(hands.at("/flow/stages/0/limit_days"), "2")
    licence = hands.page.get_by_role("button", name="删去 制证")
    hands.click(licence)
    expect(licence).to_have_count(0)
    hands.saved()
    expect(hands.page.locator("#flow-checks")).to_contain_text("没有发现问题")


def write_the_letter(story: Story) -> None:
    hands, checker = story.manager, story.checker
    hands.tab("文书")
    hands.click(
        hands.page.locator("section[aria-labelledby=letter-grant]").get_by_role("button", name="为这个事项写一份")
    )
    text = hands.page.locator("textarea[data-gaps]").first
    hands.click(text)
    hands.key(text, "Control+End")
    hands.click(hands.page.locator(".tb-beside__gaps summary"))
    hands.click(hands.page.get_by_role("button", name="表单：母婴室名称"))
    hands.saved()
    hands.click("提交审核")
    hands.visitor.sees("您起草的文书要由另一位同事审核发布")
    checker.page.goto("/console/")
    checker.click(re.compile("件等您审核"))
    checker.click(checker.page.locator("main li", has=checker.page.get_by_text("文书", exact=True)).last.locator("a"))
    checker.click("发布")
    checker.visitor.sees("已发布")
    hands.page.goto(f"{story.draft}letters/")
    hands.click(
        hands.page.locator("section[aria-labelledby=letter-grant]").get_by_role("button", name="改用这一份").last
    )
    hands.saved()


def hand_it_in(story: Story) -> None:
    hands = story.manager
    hands.tab("提交审核")
    hands.click(hands.page.locator("main form").get_by_role("button", name="提交审核"))
    hands.visitor.sees("已经送审")


def publish_it(story: Story) -> None:
    checker = story.checker
    checker.page.goto("/console/")
    checker.click(re.compile("件等您审核"))
    checker.click(NAME)
    checker.visitor.sees("没有发现问题")
    checker.click("同意发布")
    checker.visitor.sees("现行")


def apply_for_it(story: Story) -> None:
    citizen = story.meet("lihua", capacity="清渠茶馆")
    hands = Hands(citizen, story.counter)
    hands.page.goto("/")
    hands.write(hands.page.locator("#search"), PLAIN)
    hands.click(hands.page.locator(".tb-hero button[type=submit]"))
    hands.click(PLAIN)
    citizen.sees("母婴室已经建好并对外开放")
    hands.click("在线办理")
    hands.click(hands.page.locator("main .tb-choice").filter(has_text="商场、车站").first)
    hands.click("继续")
    hands.click(citizen.page.locator("main").get_by_role("button", name=re.compile("开始填写|另填一份")))
    hands.write(hands.page.get_by_label("母婴室名称"), ROOM)
    hands.click("下一步：交材料")
    expect(hands.page.locator("main")).not_to_contain_text("单位同意书")
    citizen.card("母婴室平面图").locator("input[type=file]").set_input_files(photo())
    story.counter.add(clicks=2)
    expect(citizen.card("母婴室平面图")).to_contain_text("已交")
    hands.click("下一步：领结果")
    hands.click(hands.page.locator("main .tb-choice").first)
    hands.click("下一步：核对")
    citizen.sees(ROOM)
    hands.click(hands.page.locator("main .tb-choice").filter(has_text="我已阅读并同意").first)
    hands.click("提交申请")
    citizen.sees("申请已提交")
    found = re.search(r"/my/cases/([0-9a-f-]{36})/receipt/", hands.page.url)
    assert found, hands.page.url
    story.case_id = found[1]


def decide_it(story: Story) -> None:
    act(story.meet("health-clerk"), story.case_id, "accept")
    agree(story.meet("health-reviewer"), story.case_id, "review", "母婴室符合要求。")
    approver = story.meet("health-approver")
    act(approver, story.case_id, "decide", lambda: approver.choose_radio("准予"))


def read_the_letter(story: Story) -> None:
    citizen = story.meet("lihua", capacity="清渠茶馆")
    citizen.go(f"/my/cases/{story.case_id}/")
    citizen.sees("准予")
    letters = citizen.page.locator("main a[href^='/letters/']")
    found = [citizen.page.context.request.get(str(one.get_attribute("href"))).body() for one in letters.all()]
    texts = ["".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages) for pdf in found]
    assert any(ROOM in text for text in texts), texts


MAKING: tuple[Callable[[Story], None], ...] = (
    begin, say_what_it_is, ask_the_situation, list_the_materials, build_the_form, shorten_the_flow, write_the_letter,
    hand_it_in, publish_it,
)  # fmt: skip
USING: tuple[Callable[[Story], None], ...] = (apply_for_it, decide_it, read_the_letter)


def test_a_new_service_in_ten_minutes(meet: Meet, capsys: pytest.CaptureFixture[str]) -> None:
    counter = Counter()
    hands = [Hands(meet(who), counter) for who in ("health-manager", "health-checker")]
    story = Story(hands[0], hands[1], meet, counter)
    for step in MAKING + USING:
        counter.begin(step.__name__)
        step(story)
    clicks, keys = counter.sum(tuple(step.__name__ for step in MAKING))
    with capsys.disabled():
        sys.stdout.write(
            f"\na new service, from the empty editor to the published item: {clicks} clicks, {keys} keystrokes\n"
        )
    assert clicks * SECONDS_A_CLICK + keys * SECONDS_A_KEY < TEN_MINUTES


def test_the_guide_names_the_steps_of_the_story() -> None:
    named = re.findall(r"^## \d+\. .*`(\w+)`$", GUIDE.read_text(), re.MULTILINE)
    assert named == [step.__name__ for step in MAKING + USING]
