"""Everybody reads about departments and halls; the system administrator alone changes them, and sees what he got wrong."""

from __future__ import annotations

import pytest
from django.test import Client

from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.organisations.actions import add_hall, add_window
from tongban.foundation.organisations.models import Department, Hall, Post
from tongban.foundation.organisations.rules import invented_uscc

from .factories import ADMIN, make_department, make_divisions, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    return sign_in(client, officer("system_admin"))


def make_hall(**fields: str) -> Hall:
    make_divisions()
    fields = {"name": "广安区政务服务大厅", "address": "平安大道88号", "hours": "工作日 9:00–17:00"} | fields
    return add_hall(actor=ADMIN, division="511602000000", **fields)


def test_departments_are_listed_and_each_has_a_page(client: Client) -> None:
    department = make_department("区卫健局", duties="管公共场所卫生")
    listed = client.get("/departments/").content.decode()
    assert f"/departments/{department.pk}/" in listed
    assert "管公共场所卫生" in client.get(f"/departments/{department.pk}/").content.decode()


def test_a_department_nobody_knows_is_not_found(client: Client) -> None:
    assert client.get("/departments/01900000-0000-7000-8000-000000000000/").status_code == 404


def test_the_list_of_halls_costs_the_same_for_many(client: Client, django_assert_num_queries) -> None:
    for serial in range(3):
        add_window(actor=ADMIN, hall_id=make_hall(name=f"大厅{serial}").pk, number="1", name="综合窗口")
    with django_assert_num_queries(3):
        page = client.get("/halls/")
    assert page.content.decode().count("综合窗口") == 3


def test_a_new_department_with_mistakes_keeps_what_was_typed(admin: Client) -> None:
    page = admin.post("/console/organisations/departments/add/", {"code": "123", "short_name": "区新局", "name": ""})
    assert page.status_code == 422
    text = page.content.decode()
    assert 'value="区新局"' in text
    assert 'href="#f-code"' in text
    assert not Department.objects.filter(short_name="区新局").exists()


def test_a_department_is_added_changed_and_given_a_post(admin: Client) -> None:
    code = invented_uscc("区新局", "511602000000")
    values = {"short_name": "区新局", "name": "广安区新局", "phone": "0826-1", "address": "", "duties": ""}
    page = admin.post("/console/organisations/departments/add/", values | {"code": code})
    department = Department.objects.get(code=code)
    assert page.url == f"/console/organisations/departments/{department.pk}/"
    admin.post(page.url, values | {"name": "广安区新新局", "is_active": "1"})
    department.refresh_from_db()
    assert (department.name, department.is_active) == ("广安区新新局", True)
    admin.post(f"{page.url}posts/", {"name": "窗口收件岗", "role": "clerk"})
    assert [post.role for post in department.posts.all()] == ["clerk"]
    assert admin.post(f"{page.url}posts/", {"name": "窗口收件岗", "role": "king"}).status_code == 422
    assert "窗口收件岗" in admin.get(page.url).content.decode()


def test_a_post_is_closed_and_opened(admin: Client) -> None:
    post = make_post()
    for value, state in (("0", False), ("1", True)):
        admin.post(f"/console/organisations/posts/{post.pk}/", {"is_active": value})
        assert Post.objects.get(pk=post.pk).is_active is state


def test_a_hall_is_kept_with_its_windows(admin: Client) -> None:
    make_divisions()
    values = {"name": "新大厅", "address": "平安大道1号", "hours": "工作日", "phone": ""}
    page = admin.post("/console/organisations/halls/add/", values)
    hall = Hall.objects.get(name="新大厅")
    admin.post(f"{page.url}windows/", {"number": "1", "name": "综合窗口"})
    assert admin.post(f"{page.url}windows/", {"number": "1", "name": "又一个"}).status_code == 422
    window = hall.windows.get()
    admin.post(f"{page.url}windows/{window.pk}/remove/")
    assert not hall.windows.exists()
    assert admin.post(page.url, values | {"hours": ""}).status_code == 422
    admin.post(page.url, values | {"hours": "天天开"})
    hall.refresh_from_db()
    assert (hall.hours, hall.is_active) == ("天天开", False)


@pytest.mark.parametrize("role", ["clerk", "security_admin", "audit_admin", "operator"])
def test_no_other_officer_enters(client: Client, role: str) -> None:
    sign_in(client, officer(role))
    assert client.get("/console/organisations/").status_code == 403
