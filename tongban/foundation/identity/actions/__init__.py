"""Everything that can be done to accounts, persons, companies, mandates, appointments and systems' keys."""

from .companies import add_company, grant_mandate, revoke_mandate
from .demo import demo_code, load_people
from .persons import add_person, register_person, unmask
from .staff import appoint, end_appointment, open_account, set_account_in_use, unlock
from .systems import issue_system_key, stop_system_key

__all__ = [
    "add_company", "add_person", "appoint", "demo_code", "end_appointment", "grant_mandate", "issue_system_key",
    "load_people", "open_account", "register_person", "revoke_mandate", "set_account_in_use", "stop_system_key", "unlock",
    "unmask",
]  # fmt: skip
