"""Everything that can be done to accounts, persons, companies, mandates, appointments and systems' keys."""

from tongban.foundation.identity.passwords import password_by_chance

from .addresses import keep_address, remove_address
from .clearances import set_clearance
from .companies import add_company, grant_mandate, revoke_mandate
from .demo import demo_code, load_people
from .deputies import end_deputising, name_deputy
from .entry import (
    count_wrong_password,
    end_other_sessions,
    end_own_session,
    end_sessions_of,
    follow_session,
    forget_ended_sessions,
    is_locked,
    note_sign_in,
    note_sign_out,
    sign_up,
)
from .forgotten import ask_reset, forget_resets, needs_second_factor, reset_password, show_code
from .persons import add_person, confirm_at_counter, register_person, unmask
from .phones import change_phone, forget_phones
from .proofs import note_proof, set_proof_term
from .staff import appoint, end_appointment, open_account, set_account_in_use, set_password, unlock
from .systems import issue_system_key, stop_system_key

__all__ = [
    "add_company",
    "add_person",
    "appoint",
    "ask_reset",
    "change_phone",
    "confirm_at_counter",
    "count_wrong_password",
    "demo_code",
    "end_appointment",
    "end_deputising",
    "end_other_sessions",
    "end_own_session",
    "end_sessions_of",
    "follow_session",
    "forget_ended_sessions",
    "forget_phones",
    "forget_resets",
    "grant_mandate",
    "is_locked",
    "issue_system_key",
    "keep_address",
    "load_people",
    "name_deputy",
    "needs_second_factor",
    "note_proof",
    "note_sign_in",
    "note_sign_out",
    "open_account",
    "password_by_chance",
    "register_person",
    "remove_address",
    "reset_password",
    "revoke_mandate",
    "set_account_in_use",
    "set_clearance",
    "set_password",
    "set_proof_term",
    "show_code",
    "sign_up",
    "stop_system_key",
    "unlock",
    "unmask",
]
