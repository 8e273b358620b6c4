"""Old licences of the demo city brought in from paper lists, one list confirmed and one waiting with rows to put right; sharing
scenes, one in force and one to be opened. All by the actions of those who do it. Firms, people and numbers are invented (示例)."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tongban.foundation.identity.queries import account, actor_of, departments_who_may, staff_who_may
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.identifiers import organisation_check, uscc_check
from tongban.foundation.organisations.queries import department_by_name
from tongban.foundation.seals.queries import seal_for
from tongban.services.licences import actions as licences
from tongban.services.licences.queries import gatherings_of, scenes_of, type_in_force

OFFICE, PERMIT = "区卫健局", "11510000LA5100018L003"
STEPS = {  # the first three of the six
    "confirm": "2017年至2023年发出的纸质证约60张，依据公共场所卫生管理条例第四条（示例）",
    "template": "和纸质证逐项核对过，名称、项目、有效期一致",
    "seal": "本局印章已备案，用于证照",
}
HEADINGS = (
    "证照编号", "持证主体", "统一社会信用代码", "颁发日期", "有效期至", "证照状态", "单位名称", "法定代表人（负责人）",
    "场所名称", "地址", "许可项目",
)  # fmt: skip
# Name of the place, who answers for it, where, what is permitted, since when, and what the paper list says of its state.
DONE = (
    ("渠江美发", "蒋素芳", "浓洄街道建安中路12号", "理发店", "2023-04-18", "有效"),
    ("小平旅馆", "蒲国安", "北辰街道思源大道301号", "旅店", "2023-05-09", "有效"),
    ("蓝月亮足浴", "邓世勇", "广福街道五福东街45号", "足浴", "2023-06-27", "有效"),
    ("协兴泳池", "唐建华", "协兴镇牌坊路8号", "游泳场所", "2023-07-03", "暂扣"),
    ("老街茶座", "罗秀英", "浓洄街道厚街102号", "茶座", "2022-11-15", "已注销"),
    ("新世纪影院", "杨帆", "中桥街道金安大道二段66号", "影剧院", "2022-12-20", "有效"),
    ("白市招待所", "何代兵", "白市镇正街23号", "旅店", "2019-03-11", "有效"),
)
WAITING = (
    ("龙台客栈", "郑明贵", "龙台镇新街5号", "旅店", "2024-02-26", "有效"),
    ("花桥理发店", "肖天翠", "花桥镇幸福路17号", "理发店", "2024-03-14", "有效"),
    ("悦来茶楼", "陈德芳", "悦来镇河街9号", "茶座", "2024-02-30", "有效"),  # no such day
    ("观塘旅社", "李光荣", "观塘镇文化街31号", "旅店", "2023-10-08", "停业"),  # no such state
    ("井河浴室", "王朝富", "井河镇建设街14号", "公共浴室", "2023-08-21", "吊销"),
    ("大安美容", "周玉兰", "大安镇正街68号", "美容店", "２０２４－０１－１７", "有效"),  # full width
    ("恒升网吧", "吴开明", "恒升镇街道40号", "网吧", "2024-04-02", "有效"),
    ("渠江美发", "蒋素芳", "浓洄街道建安中路12号", "理发店", "2023-04-18", "有效"),  # in the first list already
)
WRONG_CODE = 6  # the row of `WAITING` whose credit code was copied wrongly
SCENES: tuple[dict[str, Any], ...] = (
    {
        "body": OFFICE, "issuer": "区行政审批局", "type_code": "11510000LA5100018L001", "fields": 4,
        "name": "公共场所卫生许可核对营业执照（示例）", "purpose": "核对经营主体和经营场所",
        "ground": "国务院关于在线政务服务的若干规定第十条", "opened": True,
    },
    {
        "body": "区市监局", "issuer": OFFICE, "type_code": PERMIT, "fields": 3,
        "name": "住宿业联合检查核对卫生许可（示例）", "purpose": "联合检查前核对卫生许可是否有效",
        "ground": "优化营商环境条例第五十四条", "opened": False,
    },
)  # fmt: skip


def load() -> str:
    """What is there afterwards. Safe to repeat."""
    office = department_by_name(OFFICE)
    if office is None or not (writers := staff_who_may(office.pk, "licences.gather")):
        return "没有历史证照"
    writer, issuer = _actor(writers[0]), _officer(OFFICE, "licences.manage")
    told = "历史证照原来就有，没有再加"
    if issuer is not None and not gatherings_of(writer):
        _gathered(writer, issuer)
        told = f"历史证照一批{len(DONE)}张已签发、一批{len(WAITING)}行等核对"
    scenes = sum(_scene(**scene) for scene in SCENES)
    return f"{told}，{scenes} 个共享应用场景"


def _actor(staff: tuple[UUID, str]) -> Actor:
    return actor_of(account(staff[0]))


def _officer(department: str, verb: str) -> Actor | None:
    office = department_by_name(department)
    found = staff_who_may(office.pk, verb) if office else []
    return _actor(found[0]) if found else None


def _guard() -> Actor | None:
    """Who opens scenes for the platform."""
    offices = departments_who_may("licences.open_scenes")
    return _actor(staff_who_may(offices.pop(), "licences.open_scenes")[0]) if offices else None


def _gathered(writer: Actor, issuer: Actor) -> None:
    gathering = licences.begin_gathering(actor=writer, type_code=PERMIT)
    given: dict[str, Any] = {"actor": writer, "gathering_id": gathering.pk}
    for step, note in STEPS.items():
        if step != "seal" or seal_for(gathering.department_id, "licence"):
            licences.finish_step(step=step, note=note, **given)
    done = licences.gather(upload=table(DONE), name="2019至2023年纸质卫生许可证台账（示例）.csv", **given)
    licences.confirm_batch(actor=issuer, batch_id=done.pk, with_flagged=True)
    licences.gather(upload=table(WAITING, wrong=WRONG_CODE), name="乡镇卫生院补报台账（示例）.csv", **given)


def table(rows: tuple[tuple[str, ...], ...], wrong: int | None = None) -> bytes:
    """A list as an office keeps it; in one row the last character of the credit code is wrong."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for place, (venue, leader, address, project, issued, state) in enumerate(rows):
        code, firm = _code(venue), f"广安区{venue}（个体工商户）（示例）"
        code = code[:-1] + ("7" if code[-1] != "7" else "8") if place == wrong else code
        number = f"川广区卫公证字〔{issued[:4]}〕第{code[9:14]}号"
        until = _until(issued)
        writer.writerow([number, firm, code, issued, until, state, firm, leader, venue, f"广安区{address}", project])
    return out.getvalue().encode("utf-8-sig")


def _until(issued: str) -> str:
    """Four years, less a day."""
    try:
        first = date.fromisoformat(issued)
    except ValueError:
        return ""
    return (first.replace(year=first.year + 4) - timedelta(days=1)).isoformat()


def _code(name: str) -> str:
    """An invented credit code with right check characters, the same for a name every time."""
    body = f"MA7{sum(ord(char) * 31**place for place, char in enumerate(name)) % 100_000:05d}"
    first17 = f"92511602{body}{organisation_check(body)}"
    return first17 + uscc_check(first17)


def _scene(
    *, body: str, issuer: str, type_code: str, fields: int, name: str, purpose: str, ground: str, opened: bool
) -> bool:
    """Ask for a scene, have it answered and settled, and opened or left for the platform. Whether it is there."""
    asker, owner, guard = _officer(body, "licences.share"), _officer(issuer, "licences.manage"), _guard()
    if asker is None or owner is None or guard is None:
        return False
    if name in {scene.name for scene in scenes_of(guard)}:
        return True
    keys = [field["key"] for field in type_in_force(type_code).content["fields"]][:fields]
    scene = licences.ask_scene(
        actor=asker, type_code=type_code, issuer_id=owner.department_id, name=name, purpose=purpose, ground=ground,
        fields=keys, until_on=today() + timedelta(days=700),
    )  # fmt: skip
    licences.answer_scene(actor=owner, scene_id=scene.pk, agrees=True, note="属于法定职责，同意给所列各项")
    licences.settle_scene(actor=asker, scene_id=scene.pk, process="审查人员在审查环节查一次，只核对，不下载，不留底")
    if opened:
        licences.open_scene(actor=guard, scene_id=scene.pk, note="依据、内容和流程已核对")
    return True
