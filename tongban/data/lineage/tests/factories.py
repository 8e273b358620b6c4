"""A table gathered into a dataset whose columns are data items of a published resource."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tongban.data.catalogue.models import DataItem
from tongban.data.catalogue.tests.factories import make_published
from tongban.data.gathering.models import Job, Run
from tongban.data.gathering.tests.factories import fetch, make_job, make_source
from tongban.foundation.kernel.actors import Actor

PEOPLE = (
    "公民身份号码,姓名,出生日期,备注\n110101199003070011,李示例,1990-03-07,\n110101198501210022,王示例,1985-01-21,x\n"
)


def make_gathered(steward: Actor, inbox: Path, *, text: str = PEOPLE) -> tuple[Job, Run, Any]:
    """A file of people, gathered once: (job, run, the resource it fills)."""
    entry = make_published(steward)
    items = {one.key: str(one.pk) for one in DataItem.objects.filter(resource=entry)}
    source = make_source("files", {"folder": ""}, department_id=steward.department_id)
    folder = inbox / str(source.place["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "people.csv").write_text(text)
    columns = [
        {"name": "gmsfhm", "source": "公民身份号码", "kind": "text", "title": "公民身份号码", "item": items["number"]},
        {"name": "xm", "source": "姓名", "kind": "text", "required": True, "title": "姓名", "item": items["name"]},
        {"name": "csrq", "source": "出生日期", "kind": "date", "title": "出生日期"},
    ]
    job = make_job(
        source, "people.csv", columns=columns, keys=["gmsfhm"], resource_id=entry.pk, title="人员归集（示例）"
    )
    return job, fetch(job), entry
