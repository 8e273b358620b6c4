"""The room's acting door."""

from tongban.services.licences.rules.metadata import Holder

from .acts import annul, cancel, change, check_yearly, declare_lost, expire_due, renew, restore, revoke, suspend
from .coding import credential_of
from .delivering import begin_delivery, deliver
from .designing import design_type, hand_in_type, publish_type, return_type
from .drawing import copy_for, layout_of, make_copy, read_licence
from .gather_after import confirm_batch, confirm_rows, correct_by_file, correct_row, drop_row, take_report
from .gather_rows import gather_batch
from .gathering import add_scans, begin_gathering, finish_step, gather
from .making import issue, issued_fact, prepared_licence
from .receiving import act_upon, receive
from .scenes import answer_scene, ask_scene, open_scene, settle_scene, stop_scene
from .standing import look_in_case, stand_for_materials
from .types import load_type
from .using import Looked, allow, look_up, note_use, show_code, take_back

__all__ = [
    "Holder",
    "Looked",
    "act_upon",
    "add_scans",
    "allow",
    "annul",
    "answer_scene",
    "ask_scene",
    "begin_delivery",
    "begin_gathering",
    "cancel",
    "change",
    "check_yearly",
    "confirm_batch",
    "confirm_rows",
    "copy_for",
    "correct_by_file",
    "correct_row",
    "credential_of",
    "declare_lost",
    "deliver",
    "design_type",
    "drop_row",
    "expire_due",
    "finish_step",
    "gather",
    "gather_batch",
    "hand_in_type",
    "issue",
    "issued_fact",
    "layout_of",
    "load_type",
    "look_in_case",
    "look_up",
    "make_copy",
    "note_use",
    "open_scene",
    "prepared_licence",
    "publish_type",
    "read_licence",
    "receive",
    "renew",
    "restore",
    "return_type",
    "revoke",
    "settle_scene",
    "show_code",
    "stand_for_materials",
    "stop_scene",
    "suspend",
    "take_back",
    "take_report",
]
