"""Automatic decisions (智能审批)."""

import os

# A register that has not answered by then is one that did not answer: a person decides.
DECISION_SOURCE_LIMIT_MS = int(os.environ.get("TONGBAN_DECISION_SOURCE_LIMIT_MS", "800"))
# All of one consideration, registers included.
DECISION_LIMIT_MS = int(os.environ.get("TONGBAN_DECISION_LIMIT_MS", "2000"))
# Which register answers for which source: `(number, day) -> {element: {"value", "source", "as_of", "stale"}} | None`.
DECISION_SOURCES = {
    "population": "tongban.services.decisions.gateways.registers.population",
    "legal_persons": "tongban.services.decisions.gateways.registers.legal_persons",
    "credit": "tongban.services.decisions.gateways.registers.credit",
    "licences": "tongban.services.decisions.gateways.registers.licences",
}
