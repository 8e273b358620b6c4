"""How far from home a right reaches: what the role's own grants say, and colleagues elsewhere who try it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.urls import get_resolver

from tongban.foundation.identity.rules import ALL, DEPARTMENT, DIVISION, GRANTS

from .test_project import routes

# What a parameter of an address names: the thing of one person, account or department …
OWNED = frozenset(
    "account_id address_id amendment_id batch_id bill_id case_id check_id comment_id "
    "company_id conflict_id copy_id dataset_id decided_id demand_id deputy_id document_id draft_id "
    "entry_id file_id gathering_id gathering_job_id grant_id identifier import_id intake_id letter_draft_id letter_id licence_id "
    "licence_type_id mandate_id material_id message_id notice_draft_id notice_id pair_id project_no proposal_id record_id refund_id "
    "register_code review_id ruling_id "
    "finding_id quality_check_id quality_dataset_id quality_rule_id quality_ticket_id "
    "run_id scene_id seal_application_id seal_id seal_request_id session_id source_id template_id type_draft_id view_id visit_id".split()
)
OWNED_AT_THE_DESK = frozenset({"code", "department_id"})  # an item's guide and a department's page are everybody's
# … or what the whole house shares, or no thing at all.
SHARED = frozenset(
    "address_code boundary_id column element place_code "
    "act alert_id algorithm appointment_id application_id batch certificate_id channel_name client_id deed dispatch_id form hall_id "
    "job_id key kind line listed_id name number objection_id page pk post_id question row standard_id standard_version_id step change "
    "stream table_id takeover_id month verb which window_id".split()
)
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\{(\w+)\}")
HOME = "clerk"  # of another department he stands in every line of the table already, as `other-clerk`


def parameters(route: str) -> set[str]:
    return {found.group(2) or found.group(3) for found in PARAMETER.finditer(route)}


def is_about_somebodys(route: str) -> bool:
    """Whether a page or an operation is about one thing that belongs to somebody."""
    owned = OWNED | OWNED_AT_THE_DESK if route.startswith("console/") else OWNED
    return bool(parameters(route) & owned)


def verbs() -> dict[str, str]:
    """The verb one must hold to enter a page, by route, as its audience says."""
    return {route: str(getattr(view, "verb", "")) for route, view in routes(get_resolver().url_patterns)}


def reach(role: str, verb: str) -> str:
    """How far a role's right goes: that of the verb, else of most of its rights; the shorter where they are as many."""
    grants = GRANTS[role]
    if verb in grants:
        return grants[verb]
    often: Counter[Any] = Counter(grants.values())
    return max((DEPARTMENT, DIVISION, ALL), key=lambda far: often[far])


def of_department(roles: set[str], verb: str) -> set[str]:
    """Which of these see a thing of another department of their division."""
    return {role for role in roles & set(GRANTS) if reach(role, verb) in (DIVISION, ALL)}


def of_division(roles: set[str], verb: str) -> set[str]:
    """Which of these see a thing of another division."""
    return {role for role in roles & set(GRANTS) if reach(role, verb) == ALL}
