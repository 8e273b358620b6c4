"""How long people may rate (好差评); days by the calendar, since staff's working days are no concern of theirs."""

RATING_DAYS = 30  # after a case is closed
RATING_SUPPLEMENT_DAYS = 15  # after it was rated (追评)
