"""What is wrong with a draft: what the rules say, and what it names that does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.data.catalogue.errors import FAULTS
from tongban.data.catalogue.models import Entry
from tongban.data.catalogue.rules import lifecycle
from tongban.data.catalogue.rules.codes import prefix_of, taken_apart
from tongban.data.catalogue.rules.content import Fault, fault, faults_of_resource, faults_of_system
from tongban.data.catalogue.rules.fields import FIELDS
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.organisations.queries import departments_of

from .tables import value_tables

Content = Mapping[str, Any]


class Known:
    """What exists, asked for once for any number of texts."""

    def __init__(self) -> None:
        rows = Entry.objects.exclude(code="").exclude(life=lifecycle.DELETED).values_list("kind", "code")
        self.codes = set(rows)
        self.departments = {
            name: office.pk
            for office in departments_of(settings.CITY_DIVISION)
            for name in (office.short_name, office.name)
        }


def faults_of(kind: str, content: Content, *, known: Known | None = None, fixed_code: str = "") -> list[Fault]:
    """Everything wrong with a text. `fixed_code`: the code it was published under, which stays."""
    tables = value_tables()
    if kind == Entry.Kind.SYSTEM:
        return faults_of_system(content, tables)
    found = faults_of_resource(content, tables, today=today())
    return [*found, *_unknown(content, known or Known()), *_moved(content, fixed_code)]


def _unknown(content: Content, known: Known) -> Iterator[Fault]:
    if content["system"] and (Entry.Kind.SYSTEM, content["system"]) not in known.codes:
        yield fault("system_unknown", "system", value=content["system"])
    for code in content["related"]:
        if (Entry.Kind.RESOURCE, code) not in known.codes:
            yield fault("related_unknown", "related", value=code)
    for item in content["items"]:
        if item["lead"] and item["lead"] not in known.departments:
            yield fault("lead_unknown", f"items.{item['key']}.lead", value=item["lead"])


def _moved(content: Content, code: str) -> Iterator[Fault]:
    if not code:
        return
    was = taken_apart(code)
    if prefix_of(content["class_item"], content["entry"], content["detail"]) != prefix_of(
        was["class_item"], was["entry"], was["detail"]
    ):
        yield fault("code_fixed", "class_item")


@cache
def _titles() -> dict[str, str]:
    return {f"{kind}.{field.name}": field.title for kind, fields in FIELDS.items() for field in fields}


def title_of(kind: str, path: str) -> str:
    """What a field is called; of a data item the path is `items.<key>.<field>`."""
    field = path.rpartition(".")[2]
    return _(_titles().get(f"{'item' if path.startswith('items.') else kind}.{field}", field))


def sentence(kind: str, found: Fault, content: Content | None = None) -> str:
    """A fault in words; of a data item with its name before it."""
    text = str(FAULTS[found.code]) % ({"field": title_of(kind, found.path)} | dict(found.words))
    if not found.path.startswith("items.") or content is None:
        return text
    key = found.path.split(".")[1]
    name = next((item["name"] or item["english"] for item in content["items"] if item["key"] == key), "")
    return _("数据项“%(name)s”：%(text)s") % {"name": name, "text": text}


def reasons(kind: str, faults: list[Fault], content: Content) -> list[Reason]:
    return [Reason(one.code, sentence(kind, one, content), one.path) for one in faults]
