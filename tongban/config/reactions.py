"""What happens when a fact is recorded: the one visible list.

Each task is asked for in the transaction that records the fact, so it runs after commit or never. It is called with
`fact_id` and `subject` (`case:0190…`), may run twice harmlessly, and is registered in a room's `tasks.py`.
"""

REACTIONS: dict[str, list[str]] = {
    "licences.changed": ["verification.mark"],
    "clocks.calendar_imported": ["clocks.recompute"],
    "gathering.run_done": ["quality.after_gathering"],
    "registries.built": ["places.follow_addresses"],
    "items.published": ["items.tell_catalogue"],
    "items.review_ended": ["authoring.settle"],
    "identity.reset_asked": ["notifications.send_code"],
    "identity.password_reset": ["notifications.tell_password_changed"],
    "identity.phone_changed": ["notifications.tell_phone_changed"],
    "identity.deputy_named": ["cases.tell_deputy"],
}
