"""What reaches the database from outside otherwise than through a page: words that are sought, signed files, a department's catalogue."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house.rights import Town
from tongban.data.catalogue.actions import put_in, take_in
from tongban.data.catalogue.errors import FileUnusable
from tongban.data.catalogue.queries import Filters, catalogue_page
from tongban.data.catalogue.rules.sheets import headings
from tongban.foundation.files.rules.inspection import inspect
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.paging import BadCursor
from tongban.foundation.layouts.queries import judge_ofd, judge_pdf
from tongban.services.cases.queries import WorkFilters, worklist
from tongban.services.items.queries import completions, find_page
from tongban.services.licences.actions import layout_of

from . import hostile
from .callers import undone
from .lengths import examples, made_up
from .test_readers import files
from .test_taken_in import sheets, spoilt

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.hypothesis]
WORDS = [
    "理发",
    "lifa",
    "办",
    "证",
    " ",
    "%",
    "_",
    "\\",
    "'",
    "&",
    "|",
    "!",
    ":*",
    "(",
    ")",
    "老年人",
    "0",
    "a",
    "身份证丢了怎么办",
]
words = st.one_of(hostile.values, st.lists(st.sampled_from(WORDS), max_size=30).map("".join))


@made_up(examples(short=10, long=10_000))
@given(words, st.one_of(st.just(""), words))
def test_whatever_is_sought_is_answered(town: Town, text: str, other: str) -> None:
    clerk = town.actors["clerk"]
    text, other = (hostile.whole(said.replace("\x00", "")) for said in (text, other))  # no door lets a NUL pass
    with undone(), suppress(BadCursor):
        completions(text)
        catalogue_page(clerk, Filters(text))
        worklist(clerk, WorkFilters(text=text))
        find_page(text, audience=other, topic=other, cursor=other)


@pytest.mark.django_db
@made_up(examples(short=2, long=2_000))
@given(
    st.one_of(
        *(sheets([heading for _key, heading in headings(kind)]) for kind in ("system", "resource", "item")), files()
    )
)
def test_a_catalogue_is_taken_in_or_refused(town: Town, data: bytes) -> None:
    steward = town.actors["data_steward"]
    for name in ("数据资源.csv", "a.xlsx"):
        with undone(), suppress(FileUnusable):
            intake = take_in(actor=steward, files=[(name, data)])
            with suppress(TongbanError):
                put_in(actor=steward, intake_id=intake.pk)


@pytest.mark.parametrize("form", ["pdf", "ofd"])
def test_a_signed_file_that_was_harmed_is_judged(town: Town, form: str) -> None:
    """Whatever was done to it, it is told from a genuine one, and never a fault."""
    genuine = layout_of(actor=town.actors["applicant"], licence_id=town.things["licence_id"], form=form)
    judge: Any = {"pdf": judge_pdf, "ofd": judge_ofd}[form]

    @made_up(examples(short=1, long=1_500))
    @given(st.one_of(spoilt(genuine), st.integers(0, len(genuine) - 1).map(lambda at: genuine[:at]), files()))
    def tried(data: bytes) -> None:
        with undone():
            inspect(data, f"a.{form}", most_bytes=1 << 24)
            assert not judge(data).genuine or says(data, form) == says(genuine, form)

    tried()


def says(data: bytes, form: str) -> Any:
    """What a file says, however it is packed: an OFD's parts; a PDF but for what its signature leaves out."""
    if form == "ofd":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}
    return re.sub(rb"/Contents <[0-9a-fA-F]*>", b"", data.rstrip(b"\r\n"))  # the end of the last line is no part of it
