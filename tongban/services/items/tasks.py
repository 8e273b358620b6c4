"""What takes longer than one waits for: long files of items; and the data catalogue hears what an item gives out."""

from tongban.data.catalogue.actions import hear_of_item
from tongban.data.lineage.actions import hear_of_readings
from tongban.foundation.tasks.actions import task
from tongban.services.forms.queries import readings_of

from .actions import put_in, read_import
from .queries import known_item, latest_published


@task("items.read_import")
def read_file(batch_id: str) -> None:
    read_import(batch_id=batch_id)


@task("items.put_in_import")
def put_in_file(batch_id: str) -> None:
    put_in(batch_id=batch_id)


@task("items.tell_catalogue")
def tell_catalogue(subject: str = "", **_fact: str) -> None:
    """After a version was published: the item's results by their names, and what its form reads from registers; said again harmlessly."""
    item = known_item(subject.split(":")[1])
    version = latest_published(item)
    if version is None:
        return
    office = {"item_code": item.code, "item_name": version.content["task_name"], "department_id": item.department_id}
    results = version.content["results"]
    hear_of_readings(readings=readings_of(version.content.get("form") or {}, results), **office)
    hear_of_item(results=[result["name"] for result in results], **office)
