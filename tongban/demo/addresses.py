"""A few entries in the address books of invented people, so that forms and post have something to choose from."""

from __future__ import annotations

from tongban.foundation.identity.actions import keep_address
from tongban.foundation.identity.queries import account as account_for
from tongban.foundation.identity.queries import account_of_person, actor_of, addresses_of, person_by_id_number

from .identities import identities

# person → (label, whose address of `identities.yaml` it is)
BOOKS = {
    "lihua": (("家", "persons", "lihua"), ("茶馆", "companies", "teahouse")),
    "sunli": (("家", "persons", "sunli"),),
}
POSTCODE = "638000"


def load() -> int:
    """Fill the books that are empty; how many entries there are."""
    city, made = identities(), 0
    for key, entries in BOOKS.items():
        who = city["persons"][key]
        person = person_by_id_number(who["id_number"])
        account_id = account_of_person(person.pk) if person else None
        if account_id is None:
            continue
        actor = actor_of(account_for(account_id), "self")
        for label, kind, place in () if addresses_of(actor) else entries:
            where = city[kind][place]
            keep_address(
                actor=actor, label=label, name=who["name"], phone=who["phone"], division=where["division"],
                detail=where["detail"], postcode=POSTCODE,
            )  # fmt: skip
        made += len(entries)
    return made
