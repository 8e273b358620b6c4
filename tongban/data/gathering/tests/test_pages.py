"""A steward's way through the pages: connect, map, try out, gather, look at what was put aside, answer a question, do it anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongban.data.catalogue.tests.factories import make_published
from tongban.data.gathering import actions, queries
from tongban.data.gathering.console.jobs import LEFT_OUT
from tongban.data.gathering.models import Job, Run, Source
from tongban.data.lake import queries as lake
from tongban.data.lake.tests.factories import own_lake
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.foundation.organisations.models import Department

from .factories import Server, make_known_run, server
from .shelves import OpenSSH, openssh

__all__ = ["openssh"]

pytestmark = pytest.mark.django_db
PEOPLE = "公民身份号码,姓名,备注\n110101199003070011,李华,\n110101198501210022,,\n,赵六,\n"


@pytest.fixture(autouse=True)
def _lake(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.GATHERING_ROOT, settings.GATHERING_INSIDE = str(tmp_path / "inbox"), True
    with own_lake(tmp_path / "lake"):
        yield


@pytest.fixture
def steward() -> Actor:
    return officer("data_steward", clearance=2)


@pytest.fixture
def desk(client: Client, steward: Actor) -> Client:
    return sign_in(client, steward)


@pytest.fixture
def office() -> Iterator[Server]:
    with server() as one:
        yield one


def page(answer: Any) -> str:
    return str(answer.content.decode())


def connected(desk: Client) -> Source:
    answer = desk.post("/console/gathering/sources/new/", {"kind": "files", "title": "窗口台账（示例）", "folder": ""})
    assert answer.status_code == 302, page(answer)
    source = Source.objects.latest("made_at")
    desk.post(f"{answer.url}upload/", {"file": SimpleUploadedFile("people.csv", PEOPLE.encode())})
    return source


def mapping(code: str = "") -> dict[str, str]:
    """As the form for `people.csv` would be sent."""
    rows = [("gmsfhm", "公民身份号码", "公民身份号码"), ("xm", "姓名", "姓名")]
    typed = {
        "table": "people.csv",
        "resource": code,
        "rows": "2",
        "title": "人员（示例）",
        "key": "people",
        "starts_at": "02:30",
    }
    for number, (name, title, source) in enumerate(rows):
        typed |= {
            f"name-{number}": name,
            f"title-{number}": title,
            f"source-{number}": source,
            f"kind-{number}": "text",
        }
    return typed | {"key-0": "1", "required-1": "1", "way": "whole"}


def made_job(desk: Client, source: Source) -> Job:
    answer = desk.post(f"/console/gathering/sources/{source.pk}/jobs/new/", mapping())
    assert answer.status_code == 302, page(answer)
    return Job.objects.get()


def gathered(desk: Client, job: Job) -> Run:
    answer = desk.post(f"/console/gathering/jobs/{job.pk}/start/")
    run = Run.objects.latest("began_at")
    assert answer.url == f"/console/gathering/runs/{run.pk}/"
    return actions.gather(run_id=run.pk)


def test_many_files_are_paged_found_and_gathered_by_a_pattern(desk: Client, settings: Any) -> None:
    source = connected(desk)
    inbox = Path(settings.GATHERING_ROOT) / source.place["folder"]
    for number in range(250):
        (inbox / f"台账-{number:04}.csv").write_text(PEOPLE)
    where = f"/console/gathering/sources/{source.pk}/"
    first = page(desk.get(where))
    assert "共 251 个" in first
    assert "台账-0098.csv" in first
    assert "台账-0099.csv" not in first, "a hundred a page"
    assert "台账-0200.csv" in page(desk.get(where, {"page": "3"}))
    assert "台账-0123.csv" in page(desk.get(where, {"q": "0123"}))
    form = page(desk.get(f"{where}jobs/new/", {"table": "台账-000*.csv", "takes": "new"}))
    assert "只读新的和改过的文件" in form
    answer = desk.post(f"{where}jobs/new/", mapping() | {"table": "台账-000*.csv", "takes": "new"})
    assert answer.status_code == 302, page(answer)
    job = Job.objects.get()
    assert gathered(desk, job).rows == 30
    assert "只读新的和改过的文件" in page(desk.get(answer.url))


def test_a_server_shows_its_key_before_anything_is_said_to_it(desk: Client, openssh: OpenSSH) -> None:
    typed = {"kind": "sftp", "title": "交换服务器（示例）", **openssh.place, **openssh.secret, "host_key": ""}
    where = "/console/gathering/sources/new/"
    assert openssh.mark in page(desk.post(where, typed | {"act": "try"}))
    refused = page(desk.post(where, typed))
    assert openssh.mark in refused
    assert "PRIVATE KEY" not in refused, "never sent back"
    (openssh.folder / "people.csv").write_text(PEOPLE)
    answer = desk.post(where, typed | {"host_key": openssh.mark})
    assert answer.status_code == 302, page(answer)
    told = page(desk.get(answer.url))
    assert "people.csv" in told
    assert "PRIVATE KEY" not in told


def test_from_an_empty_folder_to_a_finished_run(desk: Client, steward: Actor) -> None:
    source = connected(desk)
    assert "people.csv" in page(desk.get(f"/console/gathering/sources/{source.pk}/"))
    where = f"/console/gathering/sources/{source.pk}/jobs/new/"
    resource = make_published(steward)
    form = page(desk.get(where, {"table": "people.csv", "resource": resource.code}))
    assert '<option value="公民身份号码" selected>' in form, "suggested by its name"
    tried = page(desk.post(where, mapping(resource.code) | {"act": "try"}))
    assert "保留 1 行，隔离 2 行" in tried
    assert "“姓名”是空的" in tried
    assert not Job.objects.exists()
    desk.post(where, mapping(resource.code))
    job = Job.objects.get()
    assert (job.resource_id, f"{job.starts_at:%H:%M}") == (resource.pk, "02:30")
    run = gathered(desk, job)
    told = page(desk.get(f"/console/gathering/runs/{run.pk}/"))
    assert "已完成" in told
    assert "“姓名”是空的" in told
    assert "110101198501210022" not in told, "values are shown when asked for, and that is a fact"
    shown = page(desk.post(f"/console/gathering/runs/{run.pk}/rows/"))
    assert "110***********0022" in shown, "sensitive by the grade of its data item, so shown in part"
    assert "110101198501210022" not in shown
    assert Fact.objects.filter(name="gathering.rows_shown").exists()
    assert "已按时" in page(desk.get("/console/gathering/"))


def test_rows_are_whole_for_whom_they_are_cleared_and_masked_for_others(desk: Client, steward: Actor) -> None:
    source = connected(desk)
    where = f"/console/gathering/sources/{source.pk}/jobs/new/"
    run = gathered(desk, made_job(desk, source))
    office = Department.objects.get(pk=steward.department_id)
    for clearance, whole in ((1, False), (2, False), (3, True)):
        seer = sign_in(Client(), officer("data_steward", department=office, clearance=clearance))
        for told in (
            seer.post(f"/console/gathering/runs/{run.pk}/rows/"),
            seer.post(where, mapping() | {"act": "try"}),
        ):
            assert ("110101198501210022" in page(told)) == whole
            assert ("110***********0022" in page(told)) != whole
    assert Fact.objects.filter(name="gathering.rows_shown").count() == 3


def test_a_connection_is_tried_and_its_secret_never_shown(desk: Client, office: Server) -> None:
    known = {"kind": "postgresql", "title": "人口库（示例）", **office.place, **office.secret}
    assert "连接正常" in page(desk.post("/console/gathering/sources/new/", known | {"act": "try"}))
    wrong = page(desk.post("/console/gathering/sources/new/", known | {"act": "try", "dbname": "nowhere"}))
    assert "对方没有这个库" in wrong
    refused = desk.post("/console/gathering/sources/new/", known | {"dbname": "nowhere", "password": "geheim"})
    assert refused.status_code == 503
    assert "geheim" not in page(refused)
    desk.post("/console/gathering/sources/new/", known)
    source = Source.objects.get()
    desk.post(
        f"/console/gathering/sources/{source.pk}/change/",
        {"title": "人口库", **office.place, "user": "", "password": ""},
    )
    assert Source.objects.get().secret == source.secret, "left empty it stays"
    assert "连接正常" in page(desk.post(f"/console/gathering/sources/{source.pk}/check/"))
    empty = page(desk.post("/console/gathering/sources/new/", {"kind": "sftp"}))
    assert all(f"请填“{name}”。" in empty for name in ("主机", "账号"))


def test_a_password_is_not_said_to_another_server(desk: Client, steward: Actor) -> None:
    place, secret = {"host": "server.example", "dbname": "people"}, {"user": "a", "password": "geheim"}
    source = Source.objects.create(
        kind="postgresql", title="人口库", place=place, secret=secret, department_id=steward.department_id, made_at=now(), answered_at=now()
    )  # fmt: skip
    typed = {"title": "人口库", "host": "mine.example", "dbname": "people", "user": "", "password": ""}
    refused = desk.post(f"/console/gathering/sources/{source.pk}/change/", typed)
    assert refused.status_code == 422
    assert "原来的不会发给另一台服务器" in page(refused)


def test_a_damaged_line_is_told_with_its_place_and_reads_whole_only_for_whom_it_may(
    desk: Client, steward: Actor, tmp_path: Path
) -> None:
    source = connected(desk)
    next((tmp_path / "inbox").rglob("people.csv")).write_text(PEOPLE + "110101198501210033,孙示例,,多,了\n")
    where = f"/console/gathering/sources/{source.pk}/jobs/new/"
    run = gathered(desk, made_job(desk, source))
    office = Department.objects.get(pk=steward.department_id)
    for clearance, whole in ((1, False), (3, True)):
        seer = sign_in(Client(), officer("data_steward", department=office, clearance=clearance))
        for told in (
            page(seer.post(f"/console/gathering/runs/{run.pk}/rows/")),
            page(seer.post(where, mapping() | {"act": "try"})),
        ):
            assert "文件第5行" in told
            assert ("孙示例,,多,了" in told) == whole


def test_a_source_that_is_away_still_leads_to_its_jobs(desk: Client, steward: Actor) -> None:
    job = make_known_run(steward).job
    place = {"url": "http://127.0.0.1:1", "bucket": "office"}
    Source.objects.filter(pk=job.source_id).update(kind="s3", place=place)
    told = page(desk.get(f"/console/gathering/sources/{job.source_id}/"))
    assert "没有对象存储应答" in told
    assert f"/console/gathering/jobs/{job.pk}/" in told


def test_an_empty_file_is_told_as_one(desk: Client, tmp_path: Path) -> None:
    source = connected(desk)
    next((tmp_path / "inbox").rglob("people.csv")).with_name("empty.csv").write_bytes(b"\xef\xbb\xbf\r\n")
    told = page(desk.get(f"/console/gathering/sources/{source.pk}/jobs/new/?table=empty.csv"))
    assert "文件“empty.csv”是空的" in told
    assert "column0" not in told


def test_a_changed_shape_is_asked_about_and_the_run_goes_on(desk: Client, tmp_path: Path) -> None:
    job = made_job(desk, connected(desk))
    gathered(desk, job)
    file = next((tmp_path / "inbox").rglob("people.csv"))
    file.write_text(PEOPLE.replace("姓名", "名字"))
    run = gathered(desk, job)
    where = f"/console/gathering/jobs/{job.pk}/"
    assert "看变化并确认" in page(desk.get(where))
    assert "名字" in page(desk.get(f"{where}shape/"))
    refused = desk.post(f"{where}shape/", {"source-0": "公民身份号码", "source-1": ""})
    assert refused.status_code == 422
    assert "请说“姓名”现在来自哪一列。" in page(refused)
    assert desk.post(f"{where}shape/", {"source-0": LEFT_OUT, "source-1": "名字"}).status_code == 422, "it is the key"
    desk.post(f"{where}shape/", {"source-0": "公民身份号码", "source-1": "名字"})
    assert actions.gather(run_id=run.pk).state == Run.State.DONE


def test_a_column_that_is_gone_for_good_is_left_out_and_stays_in_the_lake(desk: Client, tmp_path: Path) -> None:
    job = made_job(desk, connected(desk))
    gathered(desk, job)
    next((tmp_path / "inbox").rglob("people.csv")).write_text("公民身份号码\n110101198501210022\n")
    run = gathered(desk, job)
    where = f"/console/gathering/jobs/{job.pk}/"
    desk.post(f"{where}shape/", {"source-0": "公民身份号码", "source-1": LEFT_OUT})
    job.refresh_from_db()
    assert (job.state, [one["source"] for one in job.columns]) == ("active", ["公民身份号码"])
    assert actions.gather(run_id=run.pk).state == Run.State.DONE
    dataset = lake.dataset(actor=installer("lake.read"), dataset_id=job.dataset_id)
    assert len(dataset.columns) == 2, "the column stays, empty"
    assert "不再归集" in page(desk.get(f"{where}columns/"))


def test_batches_are_done_anew_from_one_on(desk: Client) -> None:
    job = made_job(desk, connected(desk))
    run = gathered(desk, job)
    Job.objects.update(columns=[one | {"required": False} for one in job.columns])
    where = f"/console/gathering/jobs/{job.pk}/"
    assert "从某一批起重做" in page(desk.get(where))
    assert desk.post(f"{where}replay/", {"since": "7", "reason": "姓名可以空"}).status_code == 409
    unsaid = desk.post(f"{where}replay/", {"since": "1", "reason": " "})
    assert unsaid.status_code == 422
    assert "请写明为什么要重做" in page(unsaid)
    desk.post(f"{where}replay/", {"since": "1", "reason": "姓名可以空"})
    assert "正在从第1批起重做" in page(desk.get(where))
    assert desk.post(f"{where}start/").status_code == 409, "nothing new meanwhile"
    actions.replay(job_id=job.pk)
    run.refresh_from_db()
    assert (run.counts["kept"], run.counts["quarantined"]) == (2, 1)
    assert actions.replay(job_id=job.pk).replays_since is None, "a second time does nothing"


def test_doing_anew_that_is_refused_says_why_and_leaves_all_as_it_was(desk: Client) -> None:
    job = made_job(desk, connected(desk))
    run = gathered(desk, job)
    before = run.counts
    good, where = list(job.columns), f"/console/gathering/jobs/{job.pk}/"
    pattern = {"asked": [{"kind": "format", "pattern": "["}]}
    Job.objects.update(columns=[*good[:-1], good[-1] | pattern])
    desk.post(f"{where}replay/", {"since": "1", "reason": "试一次"})
    assert actions.replay(job_id=job.pk).replays_since is None
    assert "从第1批起重做没有成功" in page(desk.get(where))
    assert "没有入湖" in page(desk.get(where))
    run.refresh_from_db()
    assert run.counts == before
    Job.objects.update(columns=good)
    desk.post(f"{where}replay/", {"since": "1", "reason": "再试一次"})
    actions.replay(job_id=job.pk)
    assert "没有成功" not in page(desk.get(where))


def test_who_is_late_and_whose_turn_it_is(desk: Client) -> None:
    job = made_job(desk, connected(desk))
    Job.objects.update(made_at=now() - timedelta(days=2))
    told = page(desk.get("/console/gathering/"))
    assert "到点没有开始" in told
    assert "数据平台" in told
    Job.objects.update(state=Job.State.ASKING)
    assert "表结构变了，等来源部门确认" in page(desk.get(f"/console/gathering/jobs/{job.pk}/"))


def test_runs_and_jobs_are_stopped_and_gone_on_with(desk: Client, steward: Actor) -> None:
    run = make_known_run(steward)
    for deed, state in (("pause", "paused"), ("resume", "running"), ("pause", "paused"), ("give-up", "failed")):
        assert desk.post(f"/console/gathering/runs/{run.pk}/{deed}/").status_code == 302
        run.refresh_from_db()
        assert run.state == state
    assert desk.post(f"/console/gathering/runs/{run.pk}/resume/").status_code == 409
    for deed, state in (("pause", "paused"), ("resume", "active")):
        desk.post(f"/console/gathering/jobs/{run.job_id}/{deed}/")
        assert Job.objects.get().state == state
    alone = desk.get(f"/console/gathering/jobs/{run.job_id}/start/")
    assert (alone.status_code, alone.headers["Allow"]) == (405, "POST")
    assert "请返回上一页" in page(alone), "the address of a button, opened by itself"
    typed = {"starts_at": "03:15", "opens": "22:00", "closes": "05:00", "rows_a_second": "500"}
    desk.post(f"/console/gathering/jobs/{run.job_id}/schedule/", typed)
    assert "03:15" in page(desk.get(f"/console/gathering/jobs/{run.job_id}/"))


def test_a_schedule_that_cannot_be_read_is_refused_and_what_was_typed_stays(desk: Client, steward: Actor) -> None:
    run = make_known_run(steward)
    typed = {"starts_at": "25:00", "opens": "22:00", "closes": "", "rows_a_second": "many"}
    answer = desk.post(f"/console/gathering/jobs/{run.job_id}/schedule/", typed)
    assert answer.status_code == 422
    told = page(answer)
    for said in (
        "时间要写成 02:30 这样。",
        "从几点到几点要一起填",
        "要填1到9999999的整数",
        'value="25:00"',
        'value="many"',
    ):
        assert said in told
    assert Job.objects.get().rows_a_second == 0
    weekly = {"every": "week", "day": "5", "starts_at": "02:30"}
    assert desk.post(f"/console/gathering/jobs/{run.job_id}/schedule/", weekly | {"day": "8"}).status_code == 422
    assert desk.post(f"/console/gathering/jobs/{run.job_id}/schedule/", weekly).status_code == 302
    job = Job.objects.get()
    assert (job.every, job.day, job.due_at and job.due_at.astimezone(SHANGHAI).isoweekday()) == ("week", 5, 5)
    Job.objects.update(made_at=now() - timedelta(days=7))
    assert queries.late(actor=steward) == [], "a week has not gone by, and a day"
    source = connected(desk)
    where = f"/console/gathering/sources/{source.pk}/jobs/new/"
    refused = desk.post(where, mapping() | {"starts_at": "", "rows_a_second": "0"})
    assert refused.status_code == 422
    assert "请填几点开始。" in page(refused)
    assert Job.objects.count() == 1


def test_the_platform_sees_all_and_changes_nothing(client: Client, steward: Actor) -> None:
    run = make_known_run(steward)
    sign_in(client, officer("data_admin"))
    for where in ("", "sources/", f"sources/{run.job.source_id}/", f"jobs/{run.job_id}/", f"runs/{run.pk}/"):
        assert client.get(f"/console/gathering/{where}").status_code == 200
    assert client.post(f"/console/gathering/jobs/{run.job_id}/pause/").status_code == 403
    assert client.post(f"/console/gathering/runs/{run.pk}/rows/").status_code == 403


def test_the_board_asks_the_same_number_of_queries_however_many_jobs(
    desk: Client, steward: Actor, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        make_known_run(steward)
    desk.get("/console/gathering/")
    with django_assert_max_num_queries(22):
        desk.get("/console/gathering/")
