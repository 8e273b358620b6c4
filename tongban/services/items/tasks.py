"""What takes longer than one waits for: long files of items."""

from tongban.foundation.tasks.actions import task

from .actions import put_in, read_import


@task("items.read_import")
def read_file(batch_id: str) -> None:
    read_import(batch_id=batch_id)


@task("items.put_in_import")
def put_in_file(batch_id: str) -> None:
    put_in(batch_id=batch_id)
