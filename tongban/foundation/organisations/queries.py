"""Reading divisions, departments, halls and posts. All of it is public; `staff` seats are in identity."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q

from tongban.foundation.kernel.lookup import find

from .models import Department, Division, Hall, Post, Window
from .rules import LEVEL_DIGITS, ROLES, padded


def division(code: str) -> Division:
    """One division by its 12-digit (or shorter) code."""
    return find(Division.objects, code=padded(code))


def children_of(code: str = "") -> list[Division]:
    """The divisions directly below; of the whole country when `code` is empty."""
    rows = Division.objects.filter(parent=padded(code)) if code else Division.objects.filter(parent=None)
    return list(rows.order_by("code"))


def division_path(code: str) -> list[Division]:
    """From province down to `code` itself, in one query; a division that is not known gives what is known above it."""
    code = padded(code)
    codes = {padded(code[:digits]) for digits in LEVEL_DIGITS}
    return list(Division.objects.filter(code__in=codes).order_by("level"))


def division_names(codes: Iterable[str]) -> dict[str, str]:
    """Names by 12-digit code, one query; a code that is not known is missing."""
    wanted = set(codes)
    return dict(Division.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}


_known: set[str] = set()  # divisions are added and renamed, never taken away


def known_divisions(codes: Iterable[str]) -> set[str]:
    """Those of the codes that exist. No query for what this process has met before."""
    wanted = set(codes)
    if fresh := wanted - _known:
        _known.update(division_names(fresh))
    return wanted & _known


def department(department_id: UUID | str) -> Department:
    return find(Department.objects.select_related("division"), pk=department_id)


def department_by_name(name: str, division: str | None = None) -> Department | None:
    """By full or short name, in the city's own division unless another is named."""
    rows = Department.objects.filter(division=division or settings.CITY_DIVISION, is_active=True)
    return rows.filter(Q(short_name=name) | Q(name=name)).first()


def departments_of(division: str | None = None) -> list[Department]:
    """Departments in use of one division, in pinyin order."""
    return list(Department.objects.filter(division=division or settings.CITY_DIVISION, is_active=True))


def all_departments() -> list[Department]:
    """Also those no longer in use, for the console."""
    return list(Department.objects.select_related("division").order_by("-is_active", "pinyin"))


DEPARTMENT_TABLE = Department._meta.db_table


def department_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Short names by id, one query."""
    return dict(Department.objects.filter(pk__in=set(ids)).values_list("pk", "short_name"))


def halls_of(division: str | None = None) -> list[Hall]:
    """Halls in use in a division and below it, windows loaded."""
    code = (division or settings.CITY_DIVISION).rstrip("0")
    digits = next(d for d in LEVEL_DIGITS if d >= len(code))
    windows = Prefetch("windows", Window.objects.order_by("number"))
    rows = Hall.objects.filter(division__code__startswith=padded(code)[:digits], is_active=True)
    return list(rows.select_related("division").prefetch_related(windows))


def all_halls() -> list[Hall]:
    """Also those no longer in use, for the console."""
    return list(Hall.objects.select_related("division").order_by("-is_active", "division_id", "pinyin"))


def hall(hall_id: UUID | str) -> Hall:
    return find(Hall.objects.select_related("division"), pk=hall_id)


def post(post_id: UUID | str) -> Post:
    return find(Post.objects.select_related("department"), pk=post_id)


def posts_of(department_id: UUID) -> list[Post]:
    return list(Post.objects.filter(department=department_id).order_by("-is_active", "role", "name"))


def posts_in_use() -> list[Post]:
    """Every seat that may be filled, with its department."""
    rows = Post.objects.filter(is_active=True, department__is_active=True).select_related("department")
    return list(rows.order_by("department__pinyin", "role", "name"))


def role_names() -> dict[str, str]:
    """What each role is called, by its code."""
    return dict(ROLES)
