"""A steward's pages for saying otherwise: steps and checks of a column seen before and after, columns taken in and left out, told first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tongban.data.catalogue.tests.factories import make_published
from tongban.data.gathering.models import Job, MappingVersion
from tongban.data.lake.tests.factories import own_lake
from tongban.data.standards import actions as standards
from tongban.data.standards.models import Standard
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor, installer

from .test_pages import connected, gathered, made_job, mapping, page

pytestmark = pytest.mark.django_db
STANDARDS = installer("standards.write", "standards.review", "standards.bind")


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


def of(job: Job, more: str = "") -> str:
    return f"/console/gathering/jobs/{job.pk}/{more}"


def test_steps_are_added_moved_seen_and_saved(desk: Client) -> None:
    job = made_job(desk, connected(desk))
    assert "没有步骤，原样读。" in page(desk.get(of(job, "columns/")))
    where = of(job, "columns/xm/")
    typed = {"seen": "1", "do-0": "blanks", "do-1": "codes", "own-1": "李华 = 1"}
    added = page(desk.post(where, typed | {"act": "add", "new": "upper"}))
    assert 'name="do-2" value="upper"' in added
    up = page(desk.post(where, typed | {"act": "up-1"}))
    assert up.index('value="codes"') < up.index('value="blanks"')
    assert 'name="do-1"' not in page(desk.post(where, typed | {"act": "drop-0"}))
    tried = page(desk.post(where, typed | {"act": "try"}))
    assert "只看了前 3 行：步骤改了 1 行" in tried
    assert Job.objects.get().version == 1, "nothing is saved by looking"
    wrong = desk.post(where, typed | {"act": "save", "own-1": "李华"})
    assert wrong.status_code == 422
    assert "对照第1行要写成" in page(wrong)
    assert desk.post(where, typed | {"act": "save", "required": "1"}).status_code == 302
    told = page(desk.get(of(job, "columns/")))
    assert "去掉所有空白" in told
    assert "换成代码（1个对照）" in told
    assert "“姓名”的标准化步骤变了" in told
    assert steward_name(job) in told, "who said so"
    compared = page(desk.get(of(job, "columns/?older=2&newer=1")))
    assert "第2版与第1版相比：" in compared
    assert desk.get(of(job, "columns/?older=1&newer=9")).status_code == 404
    late = desk.post(where, typed | {"act": "save", "own-1": "李华 = 2"})
    assert late.status_code == 409, "somebody else was faster"
    assert "换成代码（1个对照）" in page(desk.get(of(job)))
    assert desk.get(of(job, "columns/none/")).status_code == 404


def steward_name(job: Job) -> str:
    made_by = job.mappings.get(number=2).made_by
    return staff_names([made_by])[made_by] if made_by else "nobody"


def test_versions_are_paged(desk: Client) -> None:
    job = made_job(desk, connected(desk))
    known = {"columns": job.columns, "keys": job.keys, "made_at": job.made_at}
    MappingVersion.objects.bulk_create(MappingVersion(job=job, number=number, **known) for number in range(2, 26))
    newest = page(desk.get(of(job, "columns/")))
    assert ("第25版" in newest, "第6版" in newest, "第5版" in newest) == (True, True, False)
    assert "?before=6" in newest
    earlier = page(desk.get(of(job, "columns/?before=6")))
    assert ("第5版" in earlier, "第1版" in earlier, "更早的版本" in earlier) == (True, True, False)


def test_a_data_element_offers_its_checks_in_the_form(desk: Client) -> None:
    job = made_job(desk, connected(desk))
    standards.load_standards(actor=STANDARDS)
    element = Standard.objects.get(kind="element", name="公民身份号码")
    standards.bind(actor=STANDARDS, standard_id=element.pk, dataset_id=job.dataset_id, column="gmsfhm")
    form = page(desk.get(of(job, "columns/gmsfhm/")))
    assert "数据元“公民身份号码”要求" in form
    taken = page(desk.post(of(job, "columns/gmsfhm/"), {"seen": "1", "act": "offer"}))
    assert '<option value="id_number" selected>' in taken
    assert "按数据元给1列补上校验" in page(desk.get(of(job, "columns/")))
    assert desk.post(of(job, "columns/"), {"seen": "1", "act": "offer"}).status_code == 302
    assert Job.objects.get().columns[0]["check"] == "id_number"
    tried = page(desk.post(of(job, "columns/"), {"act": "try"}))
    assert "“公民身份号码”的校验码不对" in tried
    assert "110101198501210022" not in tried


def test_the_trial_shows_what_could_not_be_read_and_counts_why(desk: Client) -> None:
    source = connected(desk)
    where = f"/console/gathering/sources/{source.pk}/jobs/new/"
    tried = page(desk.post(where, mapping() | {"act": "try", "kind-1": "date"}))
    for said in ("不是日期", "缺主键"):
        assert said in tried
    assert "“姓名”不是日期" in tried
    away = page(desk.post(where, mapping() | {"act": "try", "table": "none.csv"}))
    assert "tb-notice--warning" in away
    assert "试归集的结果" not in away


def test_what_would_change_is_told_before_it_is_confirmed(desk: Client, steward: Actor) -> None:
    job = made_job(desk, connected(desk))
    gathered(desk, job)
    where = of(job, "mapping/")
    assert "来源里还没有归集的列（1）" in page(desk.get(where))
    resource = make_published(steward)
    offered = page(desk.get(where, {"resource": resource.code}))
    assert "“姓名”是哪个数据项" in offered
    assert "数据项里还没有归集的" not in offered, "both are called as the columns are"
    typed = mapping() | {
        "seen": "1", "rows": "3", "kind-0": "text", "kind-1": "text", "source-1": "备注",
        "name-2": "bz", "title-2": "备注", "source-2": "备注", "kind-2": "text", "item-2": "",
    }  # fmt: skip
    told = page(desk.post(where, typed | {"act": "ask"}))
    assert "“备注”开始归集，来自“备注”" in told
    assert "“姓名”改从“备注”来，原来是“姓名”" in told
    assert "下一次归集会全部读一遍，上次读了 3 行。" in told
    assert Job.objects.get().version == 1
    assert 'value="备注" selected' in page(desk.post(where, typed | {"act": "edit"}))
    assert "保留" in page(desk.post(where, typed | {"act": "try"}))
    assert desk.post(where, typed | {"act": "confirm"}).status_code == 302
    job.refresh_from_db()
    assert (job.version, [one["source"] for one in job.columns]) == (2, ["公民身份号码", "备注", "备注"])
    run = gathered(desk, job)
    assert (run.state, run.version) == ("done", 2)
    assert desk.post(where, typed | {"act": "confirm"}).status_code == 409
    none = desk.post(where, typed | {"act": "ask", "seen": "2", "key-0": ""} | {"source-0": ""})
    assert none.status_code == 422
    assert "没有主键" in page(none)
    same = page(desk.post(where, typed | {"act": "ask", "seen": "2"}))
    assert "什么也不变" in same
