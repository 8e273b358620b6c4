"""The flow of an item made in the browser: stages, conditions, windows, diagram, rehearsals, a file brought back; and its situations."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Route, expect

from .conftest import Meet
from .looker import NARROW
from .people import Visitor
from .test_drafting import WHO, at, saved

expect.set_options(timeout=20_000)  # each change is drawn, judged and rehearsed anew


def begin(visitor: Visitor, name: str, tab: str) -> None:
    visitor.go("/console/authoring/new/")
    visitor.fill({"事项名称": name, "基本编码": "000123009000"})
    visitor.press("开始编制")
    expect(visitor.page.locator("h1")).to_have_text(name)
    visitor.page.goto(visitor.page.url + tab)
    visitor.page.wait_for_load_state()


def forgive_the_viewer(visitor: Visitor) -> None:
    """bpmn-js sets a style on an element, which our policy blocks; it draws all the same."""
    visitor.complaints[:] = [complaint for complaint in visitor.complaints if "inline style" not in complaint]
    assert not visitor.complaints


def test_a_flow_is_made_drawn_rehearsed_and_brought_back(meet: Meet, tmp_path: Path) -> None:
    manager = meet(WHO)
    begin(manager, "流程页的故事", "flow/")
    page = manager.page
    stages = page.locator("[id^=flow-stage-]")
    before = stages.count()
    page.get_by_role("button", name="加“审查”").click()
    expect(stages).to_have_count(before + 1)
    at(manager, f"/flow/stages/{before}/name").fill("现场核查")
    at(manager, f"/flow/stages/{before}/limit_days").fill("3")
    saved(manager)
    expect(page.locator("[data-diagram]")).to_contain_text("现场核查")
    window = at(manager, f"/flow/stages/{before}/parts/0/window")
    window.select_option(index=1)
    saved(manager)
    page.get_by_role("button", name="加一个同时办理的部门（会办）").last.click()
    expect(at(manager, f"/flow/stages/{before}/parts/1/post")).to_be_visible()
    expect(window).not_to_have_value("null")

    page.get_by_role("button", name="走一遍").click()
    expect(page.locator("#flow-rehearsal table")).to_contain_text("现场核查")
    page.get_by_role("button", name="记下这次演练").click()
    expect(page.locator("#flow-kept")).to_contain_text("和记下的一样")
    page.locator(f"#flow-stage-{before}").get_by_role("button", name="删去 现场核查").click()
    expect(page.locator("#flow-kept")).to_contain_text("和记下的不一样")
    page.locator("[data-draft-undo]").click()
    expect(page.locator("#flow-kept")).to_contain_text("和记下的一样")
    assert manager.judge() == []

    with page.expect_download() as download:
        page.get_by_role("link", name="下载 BPMN 文件").click()
    file = tmp_path / "changed.bpmn"
    file.write_text(Path(download.value.path()).read_text().replace("现场核查", "现场看一看"))
    page.get_by_role("link", name="导入 BPMN 文件").click()
    page.locator("#bpmn-file").set_input_files(file)
    page.get_by_role("button", name="看会改什么").click()
    manager.sees("现场看一看")
    assert manager.judge() == []
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator('[data-path^="/flow/stages/"][value="现场看一看"]')).to_be_visible()
    forgive_the_viewer(manager)


def test_situations_lead_to_exact_leaves_on_a_phone(meet: Meet) -> None:
    manager = meet(WHO, width=NARROW)
    page = manager.page
    begin(manager, "情形页的故事", "situations/")
    tree = [
        {
            "key": "house",
            "question": "店铺是谁的？",
            "options": [
                {"value": "rent", "label": "租来的", "promise": {"days": 7, "unit": "1"}},
                {"value": "own", "label": "自己的"},
            ],
        }
    ]
    material = {
        "key": "lease",
        "name": "租房合同",
        "type": "1",
        "format": "3",
        "need": "1",
        "source": "10",
        "when": "situation.house == 'rent'",
    }
    fee = {"key": "card", "name": "证照工本费", "standard": "每本10元", "basis": "示例", "amount_fen": 1000, "when": ""}
    ops = [
        {"op": "add", "path": "/situations", "value": tree},
        {"op": "add", "path": "/materials", "value": [material]},
        {"op": "add", "path": "/fees", "value": [fee]},
        {"op": "add", "path": "/flow/stages/0/when", "value": "situation.house == 'rent'"},
    ]
    page.evaluate("ops => window.tongban.draft.edit(ops, '')", ops)
    stage = page.evaluate("document.querySelector('[data-draft]').dataset.draft")
    page.goto(f"/console/authoring/{stage}/situations/?view=ways&way=0")
    leaf = page.locator("main")
    for words in ("租房合同", "7个工作日", "证照工本费", "审查"):
        expect(leaf).to_contain_text(words)
    assert manager.judge() == []
    page.goto(f"/console/authoring/{stage}/situations/?view=ways&way=1")
    expect(page.locator(".tb-waypath")).to_contain_text("自己的")
    expect(page.locator(".tb-leafrows").first).not_to_contain_text("租房合同")
    page.goto(f"/console/authoring/{stage}/situations/?view=table")
    expect(page.locator("table")).to_contain_text("租房合同")
    assert manager.judge() == []
    page.goto(f"/console/authoring/{stage}/flow/")
    page.wait_for_load_state()
    expect(page.locator("[data-diagram]")).to_contain_text("店铺")
    assert manager.judge() == []
    forgive_the_viewer(manager)


def test_what_is_typed_before_the_script_is_there_is_saved(meet: Meet) -> None:
    manager = meet(WHO)
    begin(manager, "打字太快的故事", "")
    page = manager.page
    held: list[Route] = []
    page.route("**/js/drafting.*js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    at(manager, "/summary").fill("脚本还没有来的时候写的。")
    page.wait_for_timeout(300)
    for route in held:
        route.continue_()
    saved(manager)
    page.unroute("**/js/drafting.*js")
    page.reload()
    expect(at(manager, "/summary")).to_have_value("脚本还没有来的时候写的。")
