"""Everything that reads a text or a file from outside: it answers, or refuses with its own error; it never breaks nor hangs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.data.catalogue.rules.sheets import read_csv
from tongban.foundation.credentials.rules.claims import Unreadable as NoCredential
from tongban.foundation.credentials.rules.claims import unpacked
from tongban.foundation.credentials.rules.envelope import opened
from tongban.foundation.credentials.rules.statuses import expanded
from tongban.foundation.files.rules.inspection import inspect
from tongban.foundation.files.tests import samples
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.paging import BadCursor, _decode
from tongban.foundation.kernel.workbook import Unusable, open_book
from tongban.foundation.seals.rules.structure import Unreadable as NoSeal
from tongban.foundation.seals.rules.structure import read_seal
from tongban.services.cases.rules.bpmn_reading import NotOurDiagram, read_bpmn
from tongban.services.decisions.rules.cells import BadCell
from tongban.services.decisions.rules.cells import read as read_cell
from tongban.services.forms.rules.conditions import read as read_condition
from tongban.services.forms.rules.pasted import rows_of
from tongban.services.forms.rules.verdicts import parse
from tongban.services.items.rules.exchange.reading import read_json
from tongban.services.items.rules.shape import Unreadable as NoDefinition
from tongban.services.items.rules.shape import read as read_definition
from tongban.services.licences.rules.identifiers import read as read_identifier
from tongban.services.verification.rules import read as read_scanned

from . import hostile
from .callers import at_most
from .lengths import examples, made_up

CPU_SECONDS = 10
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
PLACES = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
SEEDS = [
    samples.picture(), samples.picture("JPEG"), samples.pdf(), samples.docx(), samples.xlsx(), samples.ofd(), samples.old_doc(),
    samples.docx(**{"word/document.xml": BOMB.encode()}), samples.docx(**{"../../etc/passwd": b"x"}), BOMB.encode(),
    PLACES.encode(), b'[{"code": "a"}]', b"a: &x [1]\nb: *x\n", b"a: 2026-99-99\n", b"9" * 5000, b"\xa1" * 70, b"0\x82\xff\xff",
    b"condition > 5 and name in ['a', 'b']", b"not(>5, [1..2])", "名称\t说明\n一\t二".encode("gb18030"), b"[" * 5000, b"(" * 5000,
]  # fmt: skip
texts = st.one_of(hostile.values, st.sampled_from([seed.decode("latin-1") for seed in SEEDS]), st.text(max_size=200))


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file of some kind, cut, spoilt, doubled, mixed with another, or bytes that are none."""
    data = draw(st.sampled_from(SEEDS))
    how = draw(st.sampled_from(("whole", "cut", "spoilt", "mixed", "raw", "packed")))
    if how == "cut":
        return data[: draw(st.integers(0, len(data)))]
    if how == "spoilt":
        at, new = draw(st.integers(0, len(data))), draw(st.binary(max_size=8))
        return data[:at] + new + data[at + len(new) :]
    if how == "mixed":
        return data + draw(st.sampled_from(SEEDS))
    if how == "packed":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in draw(
                st.lists(st.sampled_from(("[Content_Types].xml", "xl/workbook.xml", "../a", "OFD.xml", "a\\b")))
            ):
                archive.writestr(name, data)
        return packed.getvalue()
    return draw(st.binary(max_size=400)) if how == "raw" else data


def by_name(data: bytes) -> Any:
    return inspect(data, "../\u202egnp.exe\x00.pdf", most_bytes=1 << 20)


OF_FILES: dict[str, tuple[Callable[[bytes], Any], tuple[type[Exception], ...]]] = {
    "uploads": (by_name, ()),
    "workbooks": (open_book, (Unusable,)),
    "catalogue sheets": (read_csv, (Unusable, TongbanError)),
    "diagrams": (read_bpmn, (NotOurDiagram,)),
    "items": (read_json, (Unusable,)),
    "credentials' claims": (unpacked, (NoCredential,)),
    "seals": (read_seal, (NoSeal,)),
}
OF_TEXTS: dict[str, tuple[Callable[[str], Any], tuple[type[Exception], ...]]] = {
    "credentials": (opened, (NoCredential,)),
    "status lists": (expanded, ()),
    "cursors": (lambda text: _decode(text, 2), (BadCursor,)),
    "cells": (lambda text: read_cell(text, "number"), (BadCell,)),
    "cells of days": (lambda text: read_cell(text, "date"), (BadCell,)),
    "conditions": (read_condition, ()),
    "expressions": (parse, ()),
    "pasted tables": (rows_of, ()),
    "definitions": (read_definition, (NoDefinition,)),
    "identifiers": (read_identifier, ()),
    "what is scanned": (read_scanned, ()),
}


@pytest.mark.parametrize("what", OF_FILES)
def test_a_file_is_read_or_refused(what: str) -> None:
    read, refusals = OF_FILES[what]

    @made_up(examples(short=15, long=20_000))
    @given(files())
    def tried(data: bytes) -> None:
        with at_most(CPU_SECONDS), suppress(*refusals):
            read(data)

    tried()


@pytest.mark.parametrize("what", OF_TEXTS)
def test_a_text_is_read_or_refused(what: str) -> None:
    read, refusals = OF_TEXTS[what]

    @made_up(examples(short=20, long=20_000))
    @given(texts)
    def tried(text: str) -> None:
        with at_most(CPU_SECONDS), suppress(*refusals):
            read(text)

    tried()
