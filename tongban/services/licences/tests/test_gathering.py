"""Old lists brought in: nothing is lost, nothing doubled, nothing pretended."""

import io
import json
import zipfile

import pytest
from openpyxl import load_workbook

from tongban.foundation.audit.models import Fact
from tongban.foundation.files.models import Attachment
from tongban.foundation.files.tests.samples import picture
from tongban.foundation.identity.tests.factories import id_number, officer
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.kernel.identifiers import uscc_fault
from tongban.foundation.tasks.actions import run_waiting
from tongban.foundation.trust.queries import check_record, stands
from tongban.services.licences.actions import (
    add_scans,
    begin_gathering,
    confirm_batch,
    correct_by_file,
    correct_row,
    drop_row,
    finish_step,
    gather,
    gather_batch,
    gather_rows,
)
from tongban.services.licences.errors import BatchRefused, GatheringRefused
from tongban.services.licences.models import BatchRow, Licence, LicenceChange
from tongban.services.licences.queries import public_face, standing_for
from tongban.services.licences.queries.gathering import (
    batch_for,
    report_of,
    row_counts,
    row_for,
    sentences_of,
    template_of,
    type_of,
)
from tongban.services.licences.queries.gathering_words import labels_of
from tongban.services.licences.rules import identifiers

from .factories import HEADINGS, PERMIT, csv_of, make_gathering, make_licence, make_type, old_row, xlsx_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return officer("item_manager")


@pytest.fixture
def gathering(manager):
    return make_gathering(manager)


def bring(manager, gathering, *rows, **more):
    return gather(actor=manager, gathering_id=gathering.pk, upload=csv_of(*rows), name="台账.csv", **more)


def states(batch):
    return list(batch.rows.order_by("line").values_list("state", flat=True))


def told(batch, line):
    row = BatchRow.objects.get(batch=batch, line=line)
    return [text for text, _stop in sentences_of(row, labels_of(type_of(batch.gathering).content["fields"]))]


def approver_of(manager):
    return officer("approver", department=_department(manager))


def _department(actor):
    from tongban.foundation.organisations.queries import department

    return department(actor.department_id)


def test_a_sound_row_becomes_a_licence_that_says_it_was_gathered(manager, gathering):
    batch = bring(manager, gathering, old_row("JY1"))
    assert (batch.state, states(batch)) == ("done", ["kept"])
    licence = Licence.objects.get()
    assert (licence.source, licence.state, licence.number, licence.version) == ("backfill", "draft", "JY1", 1)
    assert identifiers.read(licence.identifier).faults == ()
    record = json.loads(licence.record)
    assert record["form"] == "tongban/licence-gathered/1"
    assert record["gathered"]["line"] == 2
    assert record["metadata"]["ZZBFRQ"] == "2024-03-01"
    assert stands(check_record(licence.record.encode(), licence.signatures, licence.made_at))
    assert Fact.objects.filter(name="licences.gathered").count() == 1
    assert standing_for(type_codes=[licence.type_code], holder_index=licence.holder_index) == []


def test_the_issuer_confirms_and_not_the_one_who_brought_it(manager, gathering):
    batch = bring(manager, gathering, old_row(), old_row(经营者名称=""))
    assert states(batch) == ["kept", "flagged"]
    approver = approver_of(manager)
    with pytest.raises(NotAllowed):
        confirm_batch(actor=manager, batch_id=batch.pk)
    with pytest.raises(NotFound):
        confirm_batch(actor=officer("approver"), batch_id=batch.pk)
    batch = confirm_batch(actor=approver, batch_id=batch.pk)
    assert batch.state == "done"  # a doubtful one still waits
    kept = batch.rows.get(state="kept").licence
    assert kept.state == "valid"
    assert standing_for(type_codes=[kept.type_code], holder_index=kept.holder_index) == [kept]
    assert LicenceChange.objects.get().act == "confirm"
    assert confirm_batch(actor=approver, batch_id=batch.pk, with_flagged=True).state == "confirmed"
    with pytest.raises(BatchRefused):
        confirm_batch(actor=approver, batch_id=batch.pk)


def test_a_state_its_source_tells_waits_for_the_issuer_like_every_other(manager, gathering):
    headings = (*HEADINGS, "证照状态")
    rows = [old_row(证照状态=word) for word in ("有效", "暂扣", "已注销", "吊销", "撤销", "遗失作废")]
    rows.append(old_row(证照状态="正常", 有效期至="2025-02-28"))
    data = csv_of(*rows, headings=headings)
    batch = gather(actor=manager, gathering_id=gathering.pk, upload=data, name="a.csv")
    assert set(Licence.objects.values_list("state", flat=True)) == {"draft"}
    counts = row_counts(batch)
    assert (counts["to_confirm"], counts["to_confirm_flagged"], len(counts["becoming"])) == (6, 1, 7)
    confirm_batch(actor=approver_of(manager), batch_id=batch.pk, with_flagged=True)
    entered = [row.licence.state for row in batch.rows.order_by("line")]
    assert entered == ["valid", "suspended", "cancelled", "revoked", "annulled", "lost", "expired"]
    told = dict(LicenceChange.objects.values_list("to_state", "reason"))
    assert told["cancelled"] == "历史证照归集，来源写明“注销”，经颁发部门核对"


def test_what_proves_wrong_is_thrown_out_kept_and_may_come_back_put_right(manager, gathering):
    identifier = identifiers.compose(PERMIT["code"], _department(manager).code, "20240301ABC", 1)
    data = csv_of(old_row("JY1", 证照标识=identifier), old_row("JY2"), headings=(*HEADINGS, "证照标识"))
    batch = gather(actor=manager, gathering_id=gathering.pk, upload=data, name="a.csv")
    approver = approver_of(manager)
    with pytest.raises(BatchRefused) as refused:
        drop_row(actor=approver, batch_id=batch.pk, line=2, reason=" ")
    assert refused.value.fields == {"reason": ["请写明为什么剔除，2至500个字。"]}
    for stranger, refusal in ((officer("approver"), NotFound), (officer("clerk"), NotAllowed)):
        with pytest.raises(refusal):
            drop_row(actor=stranger, batch_id=batch.pk, line=2, reason="不是本部门颁发的")
    wrong = drop_row(actor=approver, batch_id=batch.pk, line=2, reason="持证人写错了").licence
    assert Licence.objects.get(pk=wrong.pk).state == "discarded"
    assert LicenceChange.objects.get().reason == "持证人写错了"
    assert Fact.objects.get(name="licences.row_dropped").data == {"line": 2, "licence": str(wrong.pk)}
    assert told(batch, 2) == ["已剔除：持证人写错了"]
    assert public_face(identifier).status == "discarded"
    assert confirm_batch(actor=approver, batch_id=batch.pk).state == "confirmed"
    assert states(batch) == ["dropped", "kept"]
    for line in (2, 3):  # thrown out already; confirmed already
        with pytest.raises(BatchRefused):
            drop_row(actor=approver, batch_id=batch.pk, line=line, reason="再剔除一次")
    row = correct_row(actor=manager, batch_id=batch.pk, line=2, texts={"holder_name": "李桦"})
    assert (row.state, row.licence.version, row.licence.family_id) == ("flagged", 2, wrong.family_id)
    assert row.licence.identifier == identifiers.compose(PERMIT["code"], wrong.issuer_code, "20240301ABC", 2)
    assert batch_for(manager, batch.pk).state == "done"  # its issuer is asked again
    assert confirm_batch(actor=approver, batch_id=batch.pk, with_flagged=True).state == "confirmed"


def test_a_row_nobody_can_put_right_is_thrown_out_and_a_file_sent_again_begins_anew(manager, gathering):
    total, wrong = old_row("合计", 颁发日期="共2张"), old_row("JY1")
    batch = bring(manager, gathering, total, wrong)
    for line in (2, 3):
        drop_row(actor=manager, batch_id=batch.pk, line=line, reason="不是证照")
    assert states(batch) == ["dropped", "dropped"]
    again = bring(manager, gathering, wrong)
    assert states(again) == ["kept"]
    row = correct_row(actor=manager, batch_id=batch.pk, line=3, texts={})
    assert (row.state, row.licence_id) == ("same", again.rows.get().licence_id)


def test_bad_rows_stay_with_their_words_and_can_be_put_right(manager, gathering):
    number = id_number()
    wrong = next(text for digit in "0123456789" if (text := number[:-1] + digit) != number and uscc_fault(text))
    batch = bring(manager, gathering, old_row("JY1"), old_row("JY2", 持证人证件号码=wrong, 颁发日期="2024-02-30"))
    assert states(batch) == ["kept", "held"]
    assert any("校验码" in text for text in told(batch, 3))
    assert any("日历上没有这一天" in text for text in told(batch, 3))
    row = correct_row(actor=manager, batch_id=batch.pk, line=3, texts={"holder_number": number})
    assert row.state == "held"
    row = correct_row(actor=manager, batch_id=batch.pk, line=3, texts={"issued_on": "2024-02-29"})
    assert row.state == "kept"
    row = BatchRow.objects.get(pk=row.pk)
    assert wrong in str(row.raw)  # what came is kept beside what was written in its place
    assert row.licence.holder_number == number
    assert "JY2" not in str(Fact.objects.get(name="licences.row_corrected", data__columns=["issued_on"]).data)
    with pytest.raises(BatchRefused):
        correct_row(actor=manager, batch_id=batch.pk, line=3, texts={"number": "JY3"})


def test_the_report_sent_back_puts_rows_right(manager, gathering):
    batch = bring(manager, gathering, old_row("JY1"), old_row("JY2", 持证人证件号码="12"), old_row("JY3", 颁发日期="x"))
    assert states(batch) == ["kept", "held", "held"]
    report = load_workbook(io.BytesIO(report_of(batch)))
    sheet = report.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:3] == ["行号", "结果", "说明"]
    sheet.cell(3, heads.index("持证人证件号码") + 1, id_number())
    sheet.cell(4, heads.index("颁发日期") + 1, "2020-01-01")
    out = io.BytesIO()
    report.save(out)
    assert correct_by_file(actor=manager, batch_id=batch.pk, upload=out.getvalue(), name="结果.xlsx") == 2
    assert states(batch) == ["kept", "kept", "kept"]
    with pytest.raises(BatchRefused):
        correct_by_file(actor=manager, batch_id=batch.pk, upload=out.getvalue(), name="结果.xlsx")


def test_what_is_there_is_told_and_not_doubled(manager, gathering):
    first, taken = old_row("JY1"), old_row("JY1")
    batch = bring(manager, gathering, first, first, taken)
    assert states(batch) == ["kept", "same", "held"]
    assert "前面已有同编号" in told(batch, 3)[0]
    again = bring(manager, gathering, first)
    assert states(again) == ["same"]
    assert again.rows.get().licence_id == batch.rows.get(line=2).licence_id
    assert Licence.objects.count() == 1


def test_a_wrong_identifier_is_kept_with_a_flag_and_a_good_one_stays(manager, gathering):
    issuer = _department(manager)
    good = identifiers.compose(PERMIT["code"], issuer.code, "20240301ABC", 2)
    odd = "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E8EA49.001.M"
    headings = (*HEADINGS, "证照标识")
    rows = [old_row(证照标识=good), old_row(证照标识=odd), old_row(证照标识="没有")]
    data = csv_of(*rows, headings=headings)
    batch = gather(actor=manager, gathering_id=gathering.pk, upload=data, name="a.csv")
    assert states(batch) == ["kept", "flagged", "flagged"]
    kept = [row.licence for row in batch.rows.order_by("line")]
    assert (kept[0].identifier, kept[0].version, kept[0].serial) == (good, 2, "20240301ABC")
    assert kept[1].identifier == odd
    assert kept[1].flags == ["identifier_check", "identifier_other"]
    assert kept[2].flags == ["identifier_shape"]


def test_scans_find_their_rows_by_name_or_number(manager, gathering):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("扫描/JY1.png", picture())
        packed.writestr("谁的.png", picture())
        packed.writestr("bad.exe", b"MZ")
    batch = bring(
        manager, gathering, old_row("JY1"), old_row("JY2"), scans=[("all.zip", archive.getvalue())]
    )  # fmt: skip
    assert states(batch) == ["kept", "flagged"]
    row = batch.rows.get(line=2)
    assert row.licence.scan_id == row.scan_id
    assert Attachment.objects.filter(subject=f"batch:{batch.pk}").count() == 3
    assert {note["code"] for note in batch.notes} == {"scan_refused", "scan_unmatched"}
    add_scans(actor=manager, batch_id=batch.pk, scans=[("JY2.png", picture())])
    late = batch.rows.get(line=3)
    assert (late.state, late.licence.flags, late.scan_id == late.licence.scan_id) == ("kept", [], True)


def test_a_worker_that_is_stopped_leaves_the_rest_to_the_next(manager, gathering, monkeypatch):
    monkeypatch.setattr(gather_rows, "CHUNK", 2)
    monkeypatch.setattr("tongban.services.licences.actions.gathering.AT_ONCE", 0)
    batch = bring(manager, gathering, *(old_row() for _ in range(5)))
    judged = gather_rows.Gatherer.judge

    def dying(self, rows):
        if rows[0].line > 3:
            raise SystemError("killed")
        judged(self, rows)

    monkeypatch.setattr(gather_rows.Gatherer, "judge", dying)
    with pytest.raises(SystemError):
        gather_batch(batch_id=batch.pk)
    assert states(batch) == ["kept", "kept", "waiting", "waiting", "waiting"]
    monkeypatch.setattr(gather_rows.Gatherer, "judge", judged)
    run_waiting()
    batch.refresh_from_db()
    assert (states(batch), batch.state, Licence.objects.count()) == (["kept"] * 5, "done", 5)
    gather_batch(batch_id=batch.pk)
    assert Licence.objects.count() == 5


def test_the_steps_are_done_by_somebody_at_some_time(manager, gathering):
    with pytest.raises(GatheringRefused) as refused:
        finish_step(actor=manager, gathering_id=gathering.pk, step="seal", note="已备案")
    assert refused.value.reasons[0].code == "licences.gathering_no_seal"
    gathering = finish_step(actor=manager, gathering_id=gathering.pk, step="template", note="已核对")
    assert gathering.steps["template"]["by"] == str(manager.account_id)
    with pytest.raises(NotAllowed):
        finish_step(actor=approver_of(manager), gathering_id=gathering.pk, step="template", note="已核对")


def test_nothing_is_gathered_before_the_first_step_or_by_a_stranger(manager):
    gathering = make_gathering(manager, confirmed=False)
    with pytest.raises(BatchRefused):
        bring(manager, gathering, old_row())
    with pytest.raises(NotFound):
        bring(officer("item_manager"), gathering, old_row())
    with pytest.raises(NotAllowed):
        begin_gathering(actor=officer("clerk"), type_code=gathering.type_code)
    other = make_type(code=f"{PERMIT['code'][:18]}077", issuers=["别的部门"])
    with pytest.raises(GatheringRefused):
        begin_gathering(actor=manager, type_code=other.code)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"%PDF-1.4", "只收"), ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "旧版"),
        ("a.csv", b"", "空"), ("a.csv", "名称,地址\n茶馆,路\n".encode(), "证照编号"), ("a.xlsx", b"PK\x03\x04zz", ""),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_a_sentence(manager, gathering, name, data, words):
    with pytest.raises(BatchRefused) as refused:
        gather(actor=manager, gathering_id=gathering.pk, upload=data, name=name)
    assert words in str(refused.value.reasons[0].text)


def test_a_workbook_with_programs_is_not_taken(manager, gathering):
    data = io.BytesIO(xlsx_of(old_row()))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    for name in ("a.xlsx", "a.xlsm"):
        with pytest.raises(BatchRefused) as refused:
            gather(actor=manager, gathering_id=gathering.pk, upload=data.getvalue(), name=name)
        assert "宏" in str(refused.value.reasons[0].text)


def test_the_template_can_be_filled_in_and_sent(manager, gathering):
    book = load_workbook(io.BytesIO(template_of(type_of(gathering))))
    sheet = book.worksheets[0]
    row = old_row("JY9")
    for cell in sheet[1]:
        sheet.cell(2, cell.column, row.get(cell.value))
    out = io.BytesIO()
    book.save(out)
    batch = gather(actor=manager, gathering_id=gathering.pk, upload=out.getvalue(), name="模板.xlsx")
    assert states(batch) == ["kept"]


def test_counts_cost_two_queries(manager, gathering, django_assert_num_queries):
    batch = bring(manager, gathering, old_row(), old_row(颁发日期="x"))
    batch = batch_for(manager, batch.pk)
    with django_assert_num_queries(2):
        counts = row_counts(batch)
    assert (counts["kept"], counts["held"], counts["to_confirm"]) == (1, 1, 1)
    assert row_for(manager, batch.pk, 3).state == "held"


def test_a_licence_issued_here_is_not_gathered_again(manager, gathering):
    licence = make_licence(approver_of(manager))
    row = old_row(str(licence.number), 持证人证件号码=str(licence.holder_number))
    assert states(bring(manager, gathering, row)) == ["same"]
