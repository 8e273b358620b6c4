"""Everything that can be done to an application and a case."""

from .applicants import Applicant
from .asking import add_signer, ask_opinions, excuse, sign
from .attachments import supply_promised
from .correction import ask_correction, lapse, supply_correction
from .counting import count_open
from .drafts import (
    attach_to_draft,
    detach_from_draft,
    discard_draft,
    forget_old_drafts,
    renew_draft,
    save_draft,
    take_licences,
)
from .ending import certify, close, decide, deliver, terminate, void, withdraw
from .first_answer import accept, accept_by_silence, receive, refuse_acceptance, transfer
from .flow import extend, give_opinion, resume, review, send_back, suspend
from .handing import assign, claim, reassign, release, take_back, urge
from .helping import begin_at_counter, end_help, fill_at_counter, help_with_draft
from .intake import faults_of_draft
from .licensing import look_at_licence
from .notices import tell_deputy, tell_submitted
from .once import once
from .periodic import accept_unanswered, lapse_corrections, note_broken_promises, refresh_lamps
from .personal import export_cases, unmask_case
from .signing_later import sign_application
from .submit import Application, Receipt, submit
from .transfers import offer_transfer, return_transfer, take_over
from .views import delete_view, save_view
from .visitors import PURPOSE, receive_visitor

__all__ = [
    "PURPOSE",
    "Applicant",
    "Application",
    "Receipt",
    "accept",
    "accept_by_silence",
    "accept_unanswered",
    "add_signer",
    "ask_correction",
    "ask_opinions",
    "assign",
    "attach_to_draft",
    "begin_at_counter",
    "certify",
    "claim",
    "close",
    "count_open",
    "decide",
    "delete_view",
    "deliver",
    "detach_from_draft",
    "discard_draft",
    "end_help",
    "excuse",
    "export_cases",
    "extend",
    "faults_of_draft",
    "fill_at_counter",
    "forget_old_drafts",
    "give_opinion",
    "help_with_draft",
    "lapse",
    "lapse_corrections",
    "look_at_licence",
    "note_broken_promises",
    "offer_transfer",
    "once",
    "reassign",
    "receive",
    "receive_visitor",
    "refresh_lamps",
    "refuse_acceptance",
    "release",
    "renew_draft",
    "resume",
    "return_transfer",
    "review",
    "save_draft",
    "save_view",
    "send_back",
    "sign",
    "sign_application",
    "submit",
    "supply_correction",
    "supply_promised",
    "suspend",
    "take_back",
    "take_licences",
    "take_over",
    "tell_deputy",
    "tell_submitted",
    "terminate",
    "transfer",
    "unmask_case",
    "urge",
    "void",
    "withdraw",
]
