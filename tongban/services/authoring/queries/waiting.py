"""Everything that awaits an official's review: what colleagues wrote or proposed, and he may decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.data.catalogue import queries as catalogue
from tongban.data.registries.queries import amendments_waiting, rulings_waiting
from tongban.foundation.letters import queries as letters
from tongban.foundation.notifications import queries as notices
from tongban.services.decisions.queries import rules_waiting
from tongban.services.forms.queries import parts_waiting
from tongban.services.items.queries import name_of_item, proposals_waiting, tables_waiting, title_of, waiting_for
from tongban.services.licences.queries import batches_waiting, last_doer, scenes_waiting, types_to_review

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


@dataclass(frozen=True)
class Waiting:
    """One thing to decide: what kind it is, what it is called, where, and whose work it is."""

    kind: str
    title: str
    url: str
    by: UUID | None


def work_waiting(actor: Actor) -> list[Waiting]:
    """Items, acts on items, letters, notices, rules, licence types, old licences and scenes, library parts and dictionaries,
    entries of the data catalogue, rules of base registers.

    Kind by kind, the oldest first; of each kind only what this official may decide.
    """
    return [*_items(actor), *_texts(actor), *_deciding(actor), *_licences(actor), *_shared(actor), *_listed(actor)]


def _items(actor: Actor) -> Iterator[Waiting]:
    for version in waiting_for(actor):
        url = reverse("console-item-version", args=[version.item.code, version.version])
        yield Waiting(_("事项"), str(version.content.get("task_name", version.item.code)), url, version.drafted_by)
    for proposal in proposals_waiting(actor):
        title = f"{proposal.get_act_display()}：{name_of_item(proposal.item)}"
        yield Waiting(_("事项变更"), title, reverse("console-item-proposal", args=[proposal.pk]), proposal.made_by)


def _texts(actor: Actor) -> Iterator[Waiting]:
    for letter in letters.work_waiting(actor):
        title, url = str(letter.content.get("title", letter.code)), reverse("console-letter-review", args=[letter.pk])
        yield Waiting(_("文书"), title, url, letter.drafted_by)
    for notice in notices.work_waiting(actor):
        url = reverse("console-notice-version", args=[notice.pk])
        yield Waiting(_("通知"), notices.name_of_notice(notice.code), url, notice.drafted_by)


def _deciding(actor: Actor) -> Iterator[Waiting]:
    for rules in rules_waiting(actor):
        title, url = (
            str(rules.content.get("title", rules.item_code)),
            reverse("console-rules-review", args=[rules.item_code]),
        )
        yield Waiting(_("审批规则"), title, url, rules.drafted_by)


def _licences(actor: Actor) -> Iterator[Waiting]:
    for kind in types_to_review(actor):
        yield Waiting(_("证照类型"), kind.name, reverse("console-licence-type", args=[kind.pk]), kind.drafted_by)
    for batch in batches_waiting(actor):
        title, url = f"{batch.gathering.type_name}　{batch.name}", reverse("console-gathering-batch", args=[batch.pk])
        yield Waiting(_("历史证照批次"), title, url, batch.brought_by)
    for scene in scenes_waiting(actor):
        yield Waiting(_("共享应用场景"), scene.name, reverse("console-scene", args=[scene.pk]), last_doer(scene))


def _shared(actor: Actor) -> Iterator[Waiting]:
    for part in parts_waiting(actor):
        yield Waiting(_("公共库内容"), part.title, reverse("authoring-library-part", args=[part.part.key]), part.by)
    for table in tables_waiting(actor):
        yield Waiting(
            _("代码表"), title_of(table.key), reverse("console-items-table", args=[table.key]), table.drafted_by
        )


def _listed(actor: Actor) -> Iterator[Waiting]:
    for review in catalogue.reviews_waiting(actor):
        title = f"{review.get_act_display()}：{review.version.content['name']}"
        yield Waiting(_("数据目录"), title, reverse("console-catalogue-review", args=[review.pk]), review.asked_by)
    for ruling in rulings_waiting(actor):
        title = f"{ruling.register.title} · {ruling.note}" if ruling.note else ruling.register.title
        yield Waiting(_("基础库规则"), title, reverse("registries:ruling", args=[ruling.pk]), ruling.drafted_by)
    for asked in amendments_waiting(actor):
        yield Waiting(
            _("基础库名称和管理部门"),
            asked.register.title,
            reverse("registries:amendment", args=[asked.pk]),
            asked.asked_by,
        )
