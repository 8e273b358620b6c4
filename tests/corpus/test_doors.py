"""Every file an enemy hands in, at every door of the house: refused with a sentence and nothing kept, or kept so that it harms nobody.

A door that the table lacks fails. All doors that keep files keep them by `foundation/files`, so one of them is shown the
whole corpus and the others of its kind a handful; those that read files in a way of their own see what is meant for them.
"""

from __future__ import annotations

import re
import resource
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.fuzz.callers import undone
from tests.fuzz.test_pages import complaint
from tests.house.rights import Town, client_of
from tongban.foundation.files.models import StoredFile
from tongban.foundation.files.rules import KINDS, kind_of_media

from .doors import all_doors
from .samples import Sample, corpus

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOTHING = "$."
# Route → who comes in, the field that bears the file, what else is posted, and which files are shown to it beside a handful.
DOORS: dict[str, tuple[str, str, dict[str, str], str]] = {
    "api/v1/files": ("system", "file", {}, "."),
    "api/v1/verifications/files": ("nobody", "file", {}, NOTHING),
    "verify/": ("nobody", "file", {}, "ofd"),
    "apply/<str:code>/<uuid:draft_id>/form/": ("applicant", "plan.upload", {}, NOTHING),
    "apply/<str:code>/<uuid:draft_id>/save/": ("applicant", "plan.upload", {}, NOTHING),
    "apply/<str:code>/<uuid:draft_id>/materials/<str:key>/": ("applicant", "file", {"do": "upload"}, NOTHING),
    "my/cases/<uuid:case_id>/correction/<str:key>/": ("applicant", "file", {}, NOTHING),
    "my/cases/<uuid:case_id>/promised/<str:key>/": ("applicant", "file", {}, NOTHING),
    "console/cases/counter/draft/<uuid:draft_id>/": ("clerk", "file-plan", {}, NOTHING),
    "console/cases/counter/draft/<uuid:draft_id>/save/": ("clerk", "file-plan", {}, NOTHING),
    "console/authoring/<uuid:document_id>/flow/import/": ("item_manager", "file", {}, "bpmn|svg"),
    "console/items/exchange/import/": ("item_manager", "file", {}, "xlsx|UTF-16"),
    "console/catalogue/exchange/import/": ("data_steward", "file", {}, "xlsx|UTF-16"),
    "console/gathering/sources/<uuid:source_id>/upload/": (
        "data_steward",
        "file",
        {},
        "xlsx|UTF-16|in the name|long name",
    ),
    "console/licences/gathering/<uuid:gathering_id>/table/": ("item_manager", "file", {}, "xlsx|UTF-16"),
    "console/licences/batches/<uuid:batch_id>/again/": ("item_manager", "file", {}, NOTHING),
    "console/licences/batches/<uuid:batch_id>/scans/": ("item_manager", "scans", {}, "zip|EICAR|in the name"),
    "console/standards/versions/<uuid:standard_version_id>/codes/<slug:change>/": (
        "standard_keeper",
        "file",
        {},
        "xlsx|UTF-16",
    ),
    "console/places/boundaries/": (
        "data_admin",
        "file",
        {"system": "EPSG:4490", "source": "自然资源局", "valid_from": "2026-01-01"},
        "zip|xlsx|UTF-16",
    ),
    "console/seals/<uuid:seal_id>/ask/": ("clerk", "document", {}, NOTHING),
    "console/seals/requests/<uuid:seal_request_id>/use/": ("clerk", "document", {}, NOTHING),
    "console/seals/check/": ("clerk", "document", {}, NOTHING),
}
# All that is ever kept. What an office file holds packed is unpacked by nobody here, and such a file is only downloaded.
KEPT = {
    "nested bomb in docx", "nested bomb in xlsx", "nested bomb in ofd", "other double extension",
    "RTL override in the name", "NUL in the name", "newline in the name", "long name", "folders in the name", "folders of Windows",
    "markup in the name", "no name but dots",
}  # fmt: skip
# From an archive of scans only what lies in it is kept, each file looked into by itself, under the last part of its name.
KEPT_OF_ARCHIVES = {"path traversal in zip", "absolute name in zip", "symbolic link in zip"}
GOOD = "RTL override in the name"  # a sound paper, which doors for papers take: they were not shut for another reason
OPEN = {
    "apply/<str:code>/<uuid:draft_id>/materials/<str:key>/", "my/cases/<uuid:case_id>/correction/<str:key>/",
    "my/cases/<uuid:case_id>/promised/<str:key>/", "console/cases/counter/draft/<uuid:draft_id>/",
    "console/cases/counter/draft/<uuid:draft_id>/save/", "console/licences/batches/<uuid:batch_id>/scans/",
}  # fmt: skip
HANDFUL = ("bomb in docx", "external entity in docx", "PDF and HTML", GOOD, "empty")
HARMLESS = re.compile(r"[^\x00-\x1f/\\<>\u202e]{1,120}\Z")
MOST_MEMORY = 12  # times the largest file that is taken, above what the process had


def posted(client: Client, path: str, field: str, sample: Sample, more: Mapping[str, str]) -> HttpResponse:
    """The request as an enemy writes it: Django's own client would make the name harmless first."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in more.items()]
    head = (
        f'Content-Disposition: form-data; name="{field}"; filename="{sample.name}"\r\nContent-Type: image/png\r\n\r\n'
    )
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in [*parts, head.encode() + sample.data]) + b"--edge--\r\n"
    return client.generic(
        "POST", path, body, "multipart/form-data; boundary=edge", headers={"Idempotency-Key": uuid4().hex}
    )


def harm(town: Town, role: str, kept: StoredFile) -> str:
    """What is unsafe about a file that was kept, or about the way it is given out."""
    kind = kind_of_media(kept.media_type)
    if kind not in KINDS.values() or kind is None:
        return f"kept as {kept.media_type}"
    if not HARMLESS.match(kept.name):
        return f"kept under the name {kept.name!r}"
    if role not in town.actors:  # a system reads no pages
        return ""
    given = client_of(town, role).get(f"/files/{kept.pk}/")
    disposition = given.headers.get("Content-Disposition", "")
    if given.status_code != 200 or given.headers["X-Content-Type-Options"] != "nosniff":
        return f"given out with {given.status_code}"
    if "default-src 'none'" not in given.headers["Content-Security-Policy"]:
        return "given out without a policy"
    return "" if disposition.startswith("attachment") or kind.inline else f"shown, not downloaded: {disposition}"


def handed_in(town: Town, client: Client, route: str, sample: Sample) -> tuple[bool, str]:
    """Whether anything was kept, and what is wrong with that, or with the answer."""
    role, field, more, _shown = DOORS[route]
    with undone():
        before = set(StoredFile.objects.values_list("pk", flat=True))
        answer = posted(client, town.path(route), field, sample, more)
        new = list(StoredFile.objects.exclude(pk__in=before))
        wrong = complaint(answer) or next(filter(None, (harm(town, role, kept) for kept in new)), "")
        if answer.status_code in (401, 403, 404, 405):
            wrong = wrong or f"the door was shut: {answer.status_code}"
    return bool(new), wrong


@pytest.fixture(autouse=True)
def _inbox(settings: Any, tmp_path: Path) -> None:
    """Where departments' files for the lake lie."""
    settings.GATHERING_ROOT = str(tmp_path)


@pytest.fixture(scope="module")
def files() -> dict[str, Sample]:
    return corpus()


def test_the_table_names_every_door_and_no_other() -> None:
    assert all_doors() == set(DOORS)


@pytest.mark.parametrize("route", DOORS)
def test_no_file_harms_at_any_door(town: Town, files: dict[str, Sample], route: str) -> None:
    client = client_of(town, DOORS[route][0])
    before, faults, kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, [], set()
    for words in [one for one in files if one in HANDFUL or re.search(DOORS[route][3], one)]:
        was_kept, wrong = handed_in(town, client, route, files[words])
        faults += [f"{words}: {wrong}"] if wrong else []
        kept |= {words} if was_kept else set()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert not faults, "\n".join(faults)
    assert kept <= KEPT | (KEPT_OF_ARCHIVES if route.endswith("/scans/") else set())
    assert grown < MOST_MEMORY * settings.FILE_MAX_BYTES
    assert kept == KEPT if route == "api/v1/files" else route not in OPEN or GOOD in kept
