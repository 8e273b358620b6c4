"""An official's way through the pages of standards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongban.data.catalogue.queries import items_of
from tongban.data.catalogue.tests.factories import make_published
from tongban.data.lake.tests.factories import make_dataset, own_lake
from tongban.data.standards import actions
from tongban.data.standards.actions import load_standards
from tongban.data.standards.models import Binding, Standard, Version
from tongban.data.standards.queries import bound_items
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.errors import NotAllowed

from .factories import make_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    return sign_in(client, officer("standard_keeper"))


@pytest.fixture
def reviewer() -> Client:
    return sign_in(Client(), officer("data_admin"))


@pytest.fixture
def _lake(tmp_path: Path) -> Iterator[None]:
    with own_lake(tmp_path):
        yield


def page(answer: Any) -> str:
    return str(answer.content.decode())


def marked(desk: Client, where: str, typed: dict[str, str]) -> dict[str, str]:
    """What was typed, over the draft as its form shows it now."""
    found = re.search(r'name="mark" value="(\w+)"', page(desk.get(where)))
    assert found
    return typed | {"mark": found[1]}


def test_a_code_set_is_written_handed_in_and_published(desk: Client, reviewer: Client) -> None:
    assert "没有找到数据标准" in page(desk.get("/console/standards/"))
    assert "新建代码集" in page(desk.get("/console/standards/new/?kind=code_set"))
    refused = desk.post("/console/standards/new/", {"kind": "code_set", "key": "", "name": ""})
    assert refused.status_code == 422
    typed = {"kind": "code_set", "key": "SX 1", "name": "示例代码", "effective_on": "2026-01-01"}
    answer = desk.post("/console/standards/new/", typed)
    draft = Version.objects.get()
    where = f"/console/standards/versions/{draft.pk}/"
    assert answer.url == where
    file = SimpleUploadedFile("codes.csv", "代码,名称\n1,甲\n2,乙\n".encode())
    assert desk.post(f"{where}codes/import/", {"file": file}).status_code == 302
    wrong = SimpleUploadedFile("codes.csv", "代码,名称\n1,甲\n1,乙\n".encode())
    assert "重复了" in page(desk.post(f"{where}codes/import/", {"file": wrong}))
    desk.post(f"{where}codes/put/", {"code": "3", "meaning": "丙"})
    desk.post(f"{where}codes/remove/", {"code": "2"})
    told = page(desk.get(where))
    assert "丙" in told
    assert "乙" not in told
    over = marked(desk, where, typed)
    assert desk.post(where, over | {"name": "示例代码集"}).status_code == 302
    second = desk.post(where, over | {"name": "另一个名称"})
    assert second.status_code == 409
    assert "另一个名称" in page(second), "what the second typed is not lost"
    desk.post(f"{where}hand-in/")
    assert desk.post(f"{where}agree/").status_code == 403
    assert "等您审核" in page(reviewer.get("/console/standards/"))
    assert reviewer.post(f"{where}send-back/", {"reason": ""}).status_code == 422
    reviewer.post(f"{where}agree/")
    assert "已发布" in page(desk.get(f"/console/standards/{draft.standard_id}/"))
    assert desk.get(where).status_code == 302, "what is published is not edited"
    assert desk.get(f"{where}codes.csv").content.decode("utf-8-sig").splitlines()[1] == "1,甲,,"


def test_an_element_and_its_next_version_are_compared(desk: Client, reviewer: Client) -> None:
    make_set()
    typed = {
        "kind": "element", "key": "DE1", "name": "性别代码", "definition": "人的性别", "data_type": "text", "format": "n1",
        "code_set": "GB/T 2261.1", "effective_on": "2026-01-01",
    }  # fmt: skip
    where = desk.post("/console/standards/new/", typed).url
    desk.post(f"{where}hand-in/")
    reviewer.post(f"{where}agree/")
    standard = Standard.objects.get(kind="element")
    second = desk.post(f"/console/standards/{standard.pk}/versions/new/").url
    assert desk.post(f"/console/standards/{standard.pk}/versions/new/").status_code == 409
    assert desk.post(second, typed | {"format": "zz"}).status_code == 422
    assert desk.post(second, marked(desk, second, typed | {"format": "n2"})).status_code == 302
    assert "n2" in page(desk.get(f"/console/standards/{standard.pk}/compare/"))
    assert "性别代码" in page(desk.get("/console/standards/elements/?q=DE1"))
    desk.post(f"{second}drop/")
    assert standard.versions.count() == 1


def test_an_item_of_the_catalogue_is_bound_by_its_steward() -> None:
    steward = officer("data_steward")
    item = items_of(make_published(steward))[0]
    bound = actions.bind(actor=steward, standard_id=make_set().standard_id, item_id=item.pk)
    assert bound_items([item.pk]) == {item.pk: bound.standard}
    with pytest.raises(NotAllowed):
        actions.unbind(actor=officer("data_steward"), binding_id=bound.pk)
    actions.unbind(actor=steward, binding_id=bound.pk)


def test_items_are_bound_by_name_on_a_page_of_their_resource(client: Client) -> None:
    steward = officer("data_steward")
    entry = make_published(steward)
    sign_in(client, steward)
    load_standards(actor=installer("standards.write", "standards.review"))
    where = f"/console/standards/resources/{entry.pk}/"
    assert entry.name in page(client.get("/console/standards/resources/"))
    assert 'value="DE00001 公民身份号码"' in page(client.get(where)), "its name is that of the element"
    name = items_of(entry)[1]
    assert client.post(f"{where}bind/", {f"standard-{name.key}": "没有这个"}).status_code == 422
    assert client.post(f"{where}bind/", {}).status_code == 422
    assert client.post(f"{where}bind/", {"take": "1"}).status_code == 302
    assert Binding.objects.count() == 2
    number = Binding.objects.get(item_id=items_of(entry)[0].pk)
    assert "2 个已对照" in page(client.get(f"{where}?part=1"))
    stranger = sign_in(Client(), officer("data_steward"))
    assert stranger.post(f"{where}unbind/", {"binding": str(number.pk)}).status_code == 403
    assert stranger.post(f"{where}bind/", {"take": "1", f"standard-{name.key}": "GB/T 3304"}).status_code in (302, 403)
    client.post(f"{where}unbind/", {"binding": str(number.pk)})
    told = page(client.get(f"/console/standards/{number.standard_id}/"))
    assert "对照的经过" in told
    assert f"解除对照：{entry.name} · 公民身份号码" in told
    assert client.post(f"{where}bind/", {f"standard-{items_of(entry)[0].key}": "DE00001"}).status_code == 302
    assert f'hx-get="{where}?part=1"' in page(client.get(f"/console/catalogue/{entry.pk}/"))


@pytest.mark.usefixtures("_lake")
def test_a_column_is_bound_by_whoevers_data_it_is(client: Client) -> None:
    steward = officer("data_steward")
    sign_in(client, steward)
    dataset = make_dataset(department_id=steward.department_id)
    standard = make_set().standard
    where = f"/console/standards/{standard.pk}/"
    assert "人员（示例） · number" in page(client.get(where))
    assert client.post(f"{where}bind/", {"column": f"{dataset.pk}/nothing"}).status_code == 422
    client.post(f"{where}bind/", {"column": f"{dataset.pk}/number"})
    bound = Binding.objects.get()
    other = sign_in(Client(), officer("data_steward"))
    assert other.post(f"{where}unbind/", {"binding": str(bound.pk)}).status_code == 403
    client.post(f"{where}unbind/", {"binding": str(bound.pk)})
    assert not Binding.objects.exists()
    assert client.post(f"{where}bind/", {"column": "nonsense"}).status_code == 422
