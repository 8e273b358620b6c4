"""Taking in, showing, hanging on things, clearing away."""

from __future__ import annotations

import os
import socket
import struct
import threading
from datetime import timedelta
from types import MappingProxyType
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tongban.foundation.audit.models import Fact
from tongban.foundation.files import actions, queries
from tongban.foundation.files.errors import FileRefused, NoSuchFile, ScannerUnavailable
from tongban.foundation.files.gateways.scanner import EICAR, ClamdScanner, PretendScanner
from tongban.foundation.files.models import Attachment, Content, StoredFile
from tongban.foundation.files.tests import samples
from tongban.foundation.kernel.actors import ANONYMOUS, Actor, Scope
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotSignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def person(**more) -> Actor:
    return Actor("person", uuid4(), uuid4(), grants=MappingProxyType({"files.see": Scope.OWN}), **more)


def clerk(department_id=None) -> Actor:
    grants = MappingProxyType({"files.see": Scope.DEPARTMENT})
    return Actor("staff", uuid4(), uuid4(), department_id=department_id or uuid4(), grants=grants)


def test_an_upload_that_was_killed_half_way_leaves_nothing_in_the_way_of_the_next(tmp_path, monkeypatch):
    """Killed while the bytes were written, or after that and before the commit: the next one's bytes are whole, and there once."""
    actor, data = person(), samples.pdf()

    def half(self, chunk_size=None):
        yield data[: len(data) // 2]
        raise KeyboardInterrupt

    @transaction.atomic
    def killed():
        actions.store(actor=actor, upload=data, name="一.pdf")
        raise KeyboardInterrupt

    monkeypatch.setattr(ContentFile, "chunks", half)
    with pytest.raises(KeyboardInterrupt):
        killed()
    monkeypatch.undo()
    with pytest.raises(KeyboardInterrupt):
        killed()
    row = actions.store(actor=actor, upload=data, name="一.pdf")
    assert actions.read(actor=actor, file_id=row.pk)[1] == data
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".part"] == [row.sha256]


def test_a_file_is_kept_once_however_often_it_is_brought(tmp_path):
    actor, data = person(), samples.pdf()
    first = actions.store(actor=actor, upload=SimpleUploadedFile("一.pdf", data))
    second = actions.store(actor=actor, upload=data, name="二.pdf")
    assert (first.name, second.name, first.pages) == ("一.pdf", "二.pdf", 2)
    assert first.content_id == second.content_id
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [first.sha256]
    assert Fact.objects.filter(name="files.stored").count() == 2
    assert queries.content_of(second) == data


def test_nobody_signed_in_brings_nothing():
    with pytest.raises(NotSignedIn):
        actions.store(actor=ANONYMOUS, upload=b"x", name="a.txt")


def test_a_refused_file_leaves_nothing_behind(tmp_path):
    with pytest.raises(FileRefused) as refused:
        actions.store(actor=person(), upload=SimpleUploadedFile("身份证.pdf", samples.picture()))
    assert [reason.code for reason in refused.value.reasons] == ["renamed"]
    assert "身份证.pdf" in str(refused.value.reasons[0].text)
    assert not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_infected_file_is_refused():
    with pytest.raises(FileRefused) as refused:
        actions.store(actor=person(), upload=EICAR, name="说明.txt")
    assert [reason.code for reason in refused.value.reasons] == ["infected"]


def test_a_file_is_seen_by_its_bringer_its_owner_and_the_departments_it_lies_before():
    bringer, owner, desk = person(), person(), clerk()
    row = actions.store(actor=bringer, upload=samples.pdf(), name="a.pdf")
    assert queries.file_for(bringer, row.pk) == row
    for stranger in (owner, desk, ANONYMOUS):
        with pytest.raises(NoSuchFile):
            queries.file_for(stranger, row.pk)
    actions.attach(row.pk, "case:1", owner.person_id, [desk.department_id], actor=bringer)
    assert queries.file_for(owner, row.pk) == queries.file_for(desk, row.pk) == row
    assert queries.files_of(desk, "case:1") == [row]
    for stranger in (person(), clerk()):
        with pytest.raises(NoSuchFile):
            queries.file_for(stranger, row.pk)
    with pytest.raises(NoSuchFile):
        queries.file_for(bringer, "not-an-id")


def test_nobody_hangs_anothers_file_on_his_own_thing():
    row = actions.store(actor=person(), upload=samples.pdf(), name="a.pdf")
    thief = person()
    with pytest.raises(NoSuchFile):
        actions.attach(row.pk, "case:2", thief.person_id, actor=thief)
    assert not Attachment.objects.exists()


def test_a_further_department_is_admitted_to_everything_on_a_thing():
    bringer, second = person(), clerk()
    row = actions.store(actor=bringer, upload=samples.pdf(), name="a.pdf")
    first_department = uuid4()
    actions.attach(row.pk, "case:3", bringer.person_id, [first_department])
    actions.admit_departments("case:3", [second.department_id])
    assert queries.file_for(second, row.pk) == row
    assert set(Attachment.objects.get().department_ids) == {first_department, second.department_id}


def test_reading_anothers_file_is_a_fact_and_ones_own_is_not():
    bringer, desk = person(), clerk()
    row = actions.store(actor=bringer, upload=samples.pdf(), name="a.pdf")
    actions.attach(row.pk, "case:4", bringer.person_id, [desk.department_id])
    actions.read(actor=bringer, file_id=row.pk)
    assert not Fact.objects.filter(name="files.read").exists()
    actions.read(actor=desk, file_id=row.pk)
    fact = Fact.objects.get(name="files.read")
    assert (fact.stream, fact.actor_id) == (f"file:{row.pk}", desk.account_id)


def test_a_picture_has_a_preview_and_a_document_has_none():
    actor = person()
    picture = actions.store(actor=actor, upload=samples.picture("JPEG", (1200, 900)), name="a.jpg")
    small = actions.preview_of(actor=actor, file_id=picture.pk)
    assert small is not None
    assert small[8:12] == b"WEBP"
    assert small == actions.preview_of(actor=actor, file_id=picture.pk)
    document = actions.store(actor=actor, upload=samples.pdf(), name="a.pdf")
    assert actions.preview_of(actor=actor, file_id=document.pk) is None


def test_what_a_killed_upload_left_is_cleared(tmp_path):
    kept = actions.store(actor=person(), upload=samples.pdf(), name="a.pdf")
    old, young = tmp_path / "content" / "ab.1.part", tmp_path / "content" / "cd.2.part"
    for left in (old, young):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert actions.clear_unfinished() == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert queries.content_of(kept)


def test_only_old_files_that_hang_on_nothing_are_cleared(django_capture_on_commit_callbacks, tmp_path):
    actor = person()
    old, shared, hung, young = (
        actions.store(actor=actor, upload=samples.pdf(pages), name="a.pdf") for pages in (1, 2, 3, 4)
    )
    actions.store(actor=actor, upload=queries.content_of(shared), name="b.pdf")  # the same content, brought today
    actions.attach(hung.pk, "case:5", actor.person_id)
    long_ago = now() - timedelta(days=91)
    StoredFile.objects.filter(pk__in=[old.pk, shared.pk, hung.pk]).update(stored_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.clear_orphans() == 1
    assert set(Content.objects.values_list("pk", flat=True)) == {shared.content_id, hung.content_id, young.content_id}
    assert old.sha256 not in {path.name for path in tmp_path.rglob("*")}


@pytest.mark.parametrize(
    ("data", "name", "shown"),
    [
        (samples.pdf(), "图纸.pdf", "inline"),
        (samples.picture(), "照片.png", "inline"),
        (samples.docx(), "申请书.docx", "attachment"),
        ("说明".encode(), "说明.txt", "attachment"),
    ],
)
def test_files_are_served_so_that_nothing_in_them_runs(rf, data, name, shown):
    from tongban.foundation.files.portal import file

    actor = person()
    row = actions.store(actor=actor, upload=data, name=name)
    request = rf.get(f"/files/{row.pk}/")
    request.actor = actor
    response = file(request, row.pk)
    assert response.content == data
    assert response["Content-Disposition"].startswith(f"{shown}; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert ("sandbox" in response["Content-Security-Policy"]) == (not name.endswith("pdf"))
    request = rf.get(f"/files/{row.pk}/?download")
    request.actor = actor
    assert file(request, row.pk)["Content-Disposition"].startswith("attachment")


def test_a_stranger_and_a_passer_by_get_nothing(client):
    row = actions.store(actor=person(), upload=samples.pdf(), name="a.pdf")
    assert client.get(f"/files/{row.pk}/").status_code in (302, 401)


# --- the scanner: one contract, two scanners ------------------------------------------------------------------------------


class Clamd(threading.Thread):
    """A scanner's end of the line, as clamd's manual describes it."""

    def __init__(self, answer: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.answer = answer
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.start()

    def run(self) -> None:
        line, _peer = self.socket.accept()
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            data = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                data += stream.read(size)
            found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
            line.sendall(self.answer or found)

    @property
    def port(self) -> int:
        return self.socket.getsockname()[1]


@pytest.mark.parametrize("make", [PretendScanner, lambda: ClamdScanner("127.0.0.1", Clamd().port)])
@pytest.mark.parametrize(("data", "found"), [(b"harmless" * 50_000, ""), (b"x" + EICAR, "Eicar-Test-Signature")])
def test_every_scanner_finds_the_test_file_and_nothing_else(make, data, found):
    assert make().scan(data).found == found


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"\0"])
def test_an_answer_we_do_not_know_is_never_taken_for_clean(answer):
    with pytest.raises(ScannerUnavailable):
        ClamdScanner("127.0.0.1", Clamd(answer).port).scan(b"x")


def test_without_its_scanner_the_city_takes_no_files(settings):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.FILE_SCANNER = f"clamd://127.0.0.1:{port}"
    with pytest.raises(ScannerUnavailable):
        actions.store(actor=person(), upload=samples.pdf(), name="a.pdf")
