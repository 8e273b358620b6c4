"""Electronic licences that stand for materials of an application (免提交), as they stand now.

The licences are the applicant's own; of a company, where the item says so, its legal representative's (法定代表人). His need his
consent: he acts for the company himself, or has let the department see the whole licence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.foundation.identity.queries import company, person
from tongban.services.cases.models import Help
from tongban.services.cases.rules import of_legal_person, types_asked
from tongban.services.items.queries import department_of
from tongban.services.licences.queries import lent_briefs, standing_briefs

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.cases.models import Draft
    from tongban.services.licences.queries import Brief

Materials = Sequence[Mapping[str, Any]]
HIMSELF = "法定代表人本人代表单位申请"  # as his ledger keeps it


@dataclass(frozen=True)
class Applying:
    """Who applies, which human being does it for him (None: nobody was seen), and which department will get it."""

    kind: str
    id: UUID | None
    number: Callable[[], str]
    person_id: UUID | None
    department: Callable[[], UUID]


def offers(materials: Materials, applying: Applying) -> dict[str, list[Brief]]:
    """By the key of a material, the licences that can stand for it, best first. No query where no material names a type."""
    his = [material for material in materials if of_legal_person(material, applying.kind)]
    own = [material for material in materials if material not in his]
    return _found(own, lambda codes: _own(codes, applying)) | _found(his, lambda codes: _lent(codes, applying))


def offers_of(draft: Draft, materials: Materials, actor: Actor) -> dict[str, list[Brief]]:
    """The same for whoever's draft it is; the caller has let the actor into the draft."""
    human = actor.person_id or _visitor(draft, actor)
    applying = Applying(
        draft.applicant_kind,
        draft.applicant_id,
        partial(_number, draft),
        human,
        partial(department_of, draft.item_code),
    )
    return offers(materials, applying)


def picked(offered: Mapping[str, list[Brief]], given: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Brief]:
    """Of what is offered for each material, the licence that was chosen in whatever version; the first where none was."""
    chosen = {key: _pick(briefs, given.get(key) or ()) for key, briefs in offered.items()}
    return {key: brief for key, brief in chosen.items() if brief is not None}


def stand_ins_of(draft: Draft, materials: Materials, actor: Actor) -> dict[str, Brief]:
    """By the key of a material of a draft, the licence that stands for it."""
    return picked(offers_of(draft, materials, actor), draft.materials)


def _pick(briefs: list[Brief], rows: Iterable[Mapping[str, Any]]) -> Brief | None:
    family = next((row["family_id"] for row in rows if row.get("family_id")), None)
    return next((brief for brief in briefs if family in (None, str(brief.family_id))), None)


def _found(materials: Materials, find: Callable[[set[str]], list[Brief]]) -> dict[str, list[Brief]]:
    asked = types_asked(materials)
    standing = find({code for types in asked.values() for code in types}) if asked else []
    by_key = {
        key: [brief for code in types for brief in standing if brief.type_code == code] for key, types in asked.items()
    }
    return {key: briefs for key, briefs in by_key.items() if briefs}


def _own(codes: set[str], applying: Applying) -> list[Brief]:
    return standing_briefs(type_codes=codes, owner_id=applying.id, number=applying.number())


def _lent(codes: set[str], applying: Applying) -> list[Brief]:
    human = company(applying.id).legal_person if applying.id else None
    if human is None:
        return []
    number = str(human.id_number)
    if human.pk == applying.person_id:
        return standing_briefs(type_codes=codes, owner_id=human.pk, number=number, ground=HIMSELF)
    return lent_briefs(type_codes=codes, owner_id=human.pk, number=number, department_id=applying.department())


def _visitor(draft: Draft, actor: Actor) -> UUID | None:
    """Who stands before the clerk that writes in this draft."""
    running = Help.objects.filter(draft=draft, visit__account_id=actor.account_id, ended_at=None)
    return running.values_list("visit__person_id", flat=True).first()


def _number(draft: Draft) -> str:
    if draft.applicant_kind == "company":
        return str(company(draft.applicant_id).uscc)
    return str(person(draft.applicant_id).id_number)
