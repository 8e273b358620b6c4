"""The catalogue of data: a steward writes of a system and hands it in, his department's head answers, then the platform (目录编制与审核).

Every version is written in once, so that the words of each write are in one version or in none.
"""

from __future__ import annotations

import re

from .client import Client

UUID = r"([0-9a-f-]{36})"
REVISION = re.compile(r'name="revision" value="(\d+)"')
SYSTEM = {
    "builder": "区民政局", "users": "区民政局", "level": "4", "channels": ["1"], "state": "2", "protection": "3", "hosting": "1",
    "connected": "0", "unit": "办公室",
}  # fmt: skip
MOST = 12  # entries of one steward; then he revises what he has


def writes(me: Client) -> None:
    """The next step on some system of his: begun, written, handed in, revised."""
    mine = me.ids("/console/catalogue/mine/?kind=system", rf"/console/catalogue/{UUID}/")
    if not mine or (len(mine) < MOST and me.chance(0.3)):
        me.do("catalogue_begin", "/console/catalogue/begin/", {"kind": "system"}, form=True)
        return
    entry = me.rng.choice(mine)
    page = f"/console/catalogue/{entry}/"
    form = REVISION.search(me.ask(f"{page}edit/").text)
    if form is None:
        if f"{page}revise/" in me.ask(page).text:
            me.do("catalogue_revise", f"{page}revise/", {}, form=True, about=entry)
    elif form[1] == "1":
        mark = me.mark()
        typed = {**SYSTEM, "name": f"系统 {entry[-12:]}", "summary": mark, "note": "更新", "revision": "1"}
        me.do("catalogue_write", f"{page}edit/", typed, form=True, mark=mark, about=entry)
    else:
        me.do("catalogue_hand_in", f"{page}hand-in/", {}, form=True, about=entry)


def answers(me: Client) -> None:
    """Agrees to what waits for him; sends some back, which is then handed in once more."""
    waiting = me.ids("/console/catalogue/reviews/", rf"/console/catalogue/reviews/{UUID}/")
    if not waiting:
        return
    review = me.rng.choice(waiting)
    page = f"/console/catalogue/reviews/{review}/"
    if 'value="agree"' not in me.ask(page).text:
        return
    if me.chance(0.1):
        mark = me.mark()
        me.do("catalogue_refuse", page, {"answer": "refuse", "reason": mark}, form=True, mark=mark, about=review)
    else:
        me.do("catalogue_agree", page, {"answer": "agree"}, form=True, about=review)
