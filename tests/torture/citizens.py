"""What citizens do: apply in three ways, pay, correct, supply, urge, withdraw, read what they are told, rate."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tongban.foundation.kernel.identifiers import organisation_check, uscc_check

from .client import Client
from .ledger import ACKNOWLEDGED
from .town import CARD, IDENTITY, PERMIT

SHOP = "91511602MA6T0007" + organisation_check("MA6T0007")


def _later(days: int = 60) -> str:
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011  (only has to lie ahead)


def picture(words: str) -> bytes:
    """A small PNG that nobody else has."""
    shade = hashlib.sha256(words.encode()).digest()[:3]
    rows = b"".join(b"\0" + shade * 8 for _ in range(8))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)),
        (b"tEXt", b"Comment\0" + words.encode()),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    chunks = (struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def upload(me: Client) -> tuple[str, str]:
    """A file with a name of its own; its id, empty when we were not told that it is there, and its name."""
    mark = me.mark()
    name, data, edge = f"{mark}.png", picture(mark), "torture-edge"
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
    )
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    told = me.do(
        "upload", "/api/v1/files", raw=(body, f"multipart/form-data; boundary={edge}"), key=f"file {mark}", mark=name,
        more={"sha256": hashlib.sha256(data).hexdigest()},
    )  # fmt: skip
    return (told.told["id"] if told.outcome == ACKNOWLEDGED else ""), name


def _permit_form(me: Client) -> dict[str, Any]:
    number = me.person.id_number
    worker = {"name": "王芳", "id_number": number, "post": "serve", "health_until": _later()}
    return {
        "subject_name": "广安区翠屏理发店", "uscc": SHOP + uscc_check(SHOP), "leader": "陈桂芳", "leader_id": number, "contact": "陈桂芳",
        "phone": me.person.phone, "venue_name": "翠屏理发店", "area": 68.5, "opening_on": _later(), "washing": "own",
        "venue_address": {"division": "511602001001", "detail": "翠屏路1号2栋"}, "staff": [worker], "promise": True,
    }  # fmt: skip


def apply_for_permit(me: Client) -> None:
    """With an uploaded plan whose name says which application it belongs to; some bring the report later (容缺)."""
    file_id, name = upload(me)
    if not file_id:
        return
    materials = [
        {"material_key": "identity", "get_type": "1"},
        {"material_key": "plan", "get_type": "2", "file_id": file_id},
        {"material_key": "test_report", "get_type": "4" if me.chance(0.2) else "1"},
        {"material_key": "rules", "get_type": "7", "waive_mode": "4"},
    ]
    body = {
        "item_code": PERMIT,
        "situation": {"venue": "barber", "air": "no"},
        "form": _permit_form(me),
        "materials": materials,
    }
    _apply(me, PERMIT, body, mark=name)


def apply_by_draft(me: Client) -> None:
    """Begun, kept, sent: a draft becomes one case however often it is sent."""
    mark = me.mark()
    body = {"item_code": PERMIT, "situation": {"venue": "barber", "air": "no"}, "form": _permit_form(me)}
    begun = me.do("draft", "/api/v1/drafts", body, key=f"draft {mark}")
    if begun.outcome != ACKNOWLEDGED:
        return
    draft = begun.told["id"]
    file_id, name = upload(me)
    rows = {
        "identity": {"get_type": "1"},
        "plan": {"get_type": "2", "file_id": file_id},
        "test_report": {"get_type": "1"},
        "rules": {"get_type": "7", "waive_mode": "4"},
    }
    if file_id and all(me.put(f"/api/v1/drafts/{draft}/materials/{key}", [{"material_key": key, **row}])
                       for key, row in rows.items()):  # fmt: skip
        path = f"/api/v1/drafts/{draft}/submission"
        me.do("apply", path, key=f"send {mark}", mark=name, more={"item": PERMIT, "draft": draft})


def apply_at_once(me: Client) -> None:
    """Decided by rules: licence, letter and message in the same commit."""
    home = {"division": "511602001001", "detail": "渠江北路72号"}
    number = me.person.id_number
    form = {
        "name": "陈桂芳", "id_number": number, "birth_on": "1946-04-01", "sex": _sex(number), "phone": me.person.phone,
        "home": home, "delivery": "counter", "big_print": False,
    }  # fmt: skip
    body = {
        "item_code": CARD,
        "situation": {"reason": "lost", "household": "local", "who": "self"},
        "form": form,
        "materials": [{"material_key": "identity", "get_type": "7", "waive_mode": "1"}],
    }
    _apply(me, CARD, body)


def apply_with_fee(me: Client) -> None:
    """A lost identity card costs forty yuan, so the application comes with a bill."""
    number = me.person.id_number
    form = {
        "name": "陈桂芳", "id_number": number, "sex": _sex(number), "nation": "汉族", "birth_on": "1946-04-01",
        "address": {"division": "511602001001", "detail": "渠江北路72号"}, "phone": me.person.phone,
        "lost_on": _later(-3), "visit_on": _later(), "where": "hall", "delivery": "counter",
    }  # fmt: skip
    body = {
        "item_code": IDENTITY,
        "situation": {"matter": "lost", "age": "adult", "temporary": "no"},
        "form": form,
        "materials": [
            {"material_key": "book", "get_type": "7", "waive_mode": "2"},
            {"material_key": "photo", "get_type": "7", "waive_mode": "2"},
        ],
    }
    _apply(me, IDENTITY, body)


def _sex(number: str) -> str:
    return "2" if int(number[16]) % 2 == 0 else "1"


def _apply(me: Client, item: str, body: dict[str, Any], mark: str = "") -> None:
    me.do("apply", "/api/v1/applications", body, key=f"apply {me.mark()}", mark=mark, more={"item": item})


def correct(me: Client) -> None:
    """What a clerk asked for, and what was promised."""
    waiting = me.cases(state="correction")
    if waiting:
        case, mark = me.rng.choice(waiting), me.mark()
        body = {"materials": [{"material_key": "plan", "get_type": "1"}], "note": mark}
        me.do("supply_correction", f"/api/v1/cases/{case['project_no']}/materials", body, mark=mark, about=case["id"])


def supply(me: Client) -> None:
    if granted := me.cases(state="certifying"):
        case = me.rng.choice(granted)
        body = {"materials": [{"material_key": "test_report", "get_type": "1"}]}
        me.do("supply_promised", f"/api/v1/cases/{case['project_no']}/materials", body, about=case["id"])


def withdraw(me: Client) -> None:
    if mine := me.cases(state="received"):
        case, mark = me.rng.choice(mine), me.mark()
        me.do(
            "withdraw", f"/api/v1/cases/{case['project_no']}/withdrawal", {"reason": mark}, mark=mark, about=case["id"]
        )


def urge(me: Client) -> None:
    if mine := me.cases(state="reviewing"):
        case, mark = me.rng.choice(mine), me.mark()
        me.do("urge", f"/api/v1/cases/{case['project_no']}/urging", {"note": mark}, mark=mark, about=case["id"])


def pay(me: Client) -> None:
    """From the bill to the bank's cashier and back, as a browser goes."""
    bills = me.ids("/my/bills/", r"/my/bills/([0-9a-f-]{36})/")
    if not bills:
        return
    bill = me.rng.choice(bills)
    begun = me.do("start_payment", f"/my/bills/{bill}/", {"channel": "pretend-bank"}, form=True, about=bill)
    if begun.outcome == ACKNOWLEDGED and "cashier" in begun.told["location"]:
        me.do("pay", begun.told["location"], {"answer": "pay"}, form=True, about=bill)


def rate(me: Client) -> None:
    if ended := me.cases(state="closed"):
        case, mark = me.rng.choice(ended), me.mark()
        me.do("rate", f"/my/cases/{case['id']}/rate/", {"stars": "5", "text": mark}, form=True, about=case["id"])


def read_messages(me: Client) -> None:
    """The first page of the inbox, and one of its messages, which is read from then on."""
    if messages := me.ids("/my/messages/", r"/my/messages/([0-9a-f-]{36})/"):
        me.do("read", f"/my/messages/{(one := me.rng.choice(messages))}/", verb="GET", about=one)


Act = Callable[[Client], None]
# How often each is done, of a hundred.
ACTS: dict[Act, int] = {
    apply_at_once: 22, apply_for_permit: 16, apply_by_draft: 8, apply_with_fee: 10, pay: 12, correct: 10, supply: 4,
    withdraw: 2, urge: 2, rate: 8, read_messages: 6,
}  # fmt: skip
