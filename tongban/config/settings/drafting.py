"""Which room owns which kind of draft: how it calls a place of the document, and where that place is edited."""

DRAFT_KINDS: dict[str, tuple[str, str]] = {
    "item": ("tongban.services.authoring.queries.describe", "tongban.services.authoring.queries.link"),
    "rules": (
        "tongban.services.authoring.queries.rules.describe",
        "tongban.services.authoring.queries.rules.link",
    ),
    "licence_type": (
        "tongban.services.licences.queries.designing.describe",
        "tongban.services.licences.queries.designing.link",
    ),
    "letter": ("tongban.foundation.letters.sentences.describe", "tongban.foundation.letters.sentences.link"),
    "notice": (
        "tongban.foundation.notifications.sentences.describe",
        "tongban.foundation.notifications.sentences.link",
    ),
}

# Tells which questions an item asks, so that a letter may quote the answers.
LETTER_QUESTIONS = "tongban.services.items.queries.questions_asked"
