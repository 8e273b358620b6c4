"""Everything there is to say about a draft: what keeps it from being handed in, and what is only advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.services.cases.queries.flows import flow_remarks, flow_sentence
from tongban.services.cases.queries.rehearsals import trials_of

from .codes import code_clashes
from .contacts import contact_findings
from .findings import MUST, WARN, Finding, findings_of
from .letters import advice_on_letters
from .tree import Survey, advice_on

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft


def all_findings(draft: Draft) -> list[Finding]:
    """The findings on the document, on its situations, flow, letters and contacts, and on the codes it wants."""
    content = draft.content
    more = [*advice_on(Survey(content)), *advice_on_letters(draft), *contact_findings(content), *code_clashes(draft)]
    found = findings_of(content, more)
    if any(one.path.startswith(("/flow", "/promise", "/situations")) and one.level != WARN for one in found):
        return found  # the flow can be judged once its parts are there
    return findings_of(content, [*more, *_on_flow(draft)])


def must_be_mended(draft: Draft) -> list[Finding]:
    return [one for one in all_findings(draft) if one.level == MUST]


def against_flow(content: Mapping[str, Any]) -> list[str]:
    """Every reason why a flow as it stands in this content could not be handed in, in the reader's language."""
    shape = [one.text for one in findings_of(content) if one.path.startswith("/flow") and one.level == MUST]
    return shape or [flow_sentence(remark) for remark in flow_remarks(content) if remark.hinders]


def _on_flow(draft: Draft) -> Iterator[Finding]:
    for remark in flow_remarks(draft.content):
        yield Finding(remark.at, flow_sentence(remark), remark.ground, "flow", MUST if remark.hinders else WARN)
    for trial in trials_of(draft.content):
        if not trial.passed:
            words = {"name": trial.name, "changes": "；".join(trial.changes)}
            text = _("演练“%(name)s”和记下的不一样了：%(changes)s。请改好流程，或者重新记下。") % words
            yield Finding(f"/flow/rehearsals/{trial.number}", text, "", "flow")
