"""Building in the background, and beginning what is due."""

from tongban.foundation.kernel.actors import installer
from tongban.foundation.tasks.actions import periodic, task

from . import actions


@task(actions.BUILD)
def build(build_id: str) -> None:
    actions.build(build_id=build_id)


@task(actions.BUILD_PAIR)
def build_pair(pair_id: str) -> None:
    actions.build_pair(pair_id=pair_id)


@task(actions.LOOK_FOR)
def find_pairs(register: str) -> None:
    actions.find_pairs(actor=installer("registries.manage"), register=register)


@periodic("registries.start_due", "*/5 * * * *")
def start_due() -> None:
    actions.start_due()


@periodic("registries.index_names", "37 * * * *")
def index_names() -> None:
    while actions.index_names():
        pass
