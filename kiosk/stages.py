"""The kiosk's screens, and how long each stays when nobody touches it."""

from enum import StrEnum

CHOOSING_SECONDS = 45.0
HELPER_SECONDS = 180.0
RESULT_SECONDS = 12.0
PRINTING_SECONDS = 30.0
NO_PAPER_SECONDS = 60.0
REFUSED_SECONDS = 25.0
ASKING_SECONDS = 20.0


class Screen(StrEnum):
    """What is shown."""

    AWAY = "away"
    SUSPENDED = "suspended"
    IDLE = "idle"
    PURPOSE = "purpose"
    AGENCY = "agency"
    SERVICE = "service"
    FIELD = "field"
    PROCEDURES = "procedures"
    PROCEDURE = "procedure"
    SEARCH = "search"
    RECEIPT = "receipt"
    ASKING = "asking"
    FOUND = "found"
    NO_NUMBER = "no_number"
    STAY = "stay"
    PRIORITY = "priority"
    PERSON = "person"
    ISSUING = "issuing"
    RESULT = "result"
    PLACE = "place"
    REFUSED = "refused"
    HELPER = "helper"
    NOTE = "note"


FINDING = (
    Screen.PURPOSE,
    Screen.AGENCY,
    Screen.SERVICE,
    Screen.FIELD,
    Screen.PROCEDURES,
    Screen.PROCEDURE,
    Screen.SEARCH,
    Screen.RECEIPT,
)
"""Where a citizen looks for what to take a number for."""
CHOOSING = (*FINDING, Screen.FOUND, Screen.NO_NUMBER, Screen.STAY, Screen.PRIORITY, Screen.PERSON, Screen.NOTE)
"""Where a citizen still chooses, and may go back."""
NEEDS_SERVER = (Screen.IDLE, *CHOOSING, Screen.HELPER)
READS_CODES = (Screen.IDLE, *FINDING, Screen.FOUND, Screen.NO_NUMBER, Screen.STAY, Screen.HELPER)
"""Where the code of a paper means something."""
MAY_SEARCH = (Screen.IDLE, *FINDING, Screen.NO_NUMBER, Screen.HELPER)
STAYS_SECONDS = {
    **dict.fromkeys(CHOOSING, CHOOSING_SECONDS),
    Screen.HELPER: HELPER_SECONDS,
    Screen.ASKING: ASKING_SECONDS,
    Screen.RESULT: PRINTING_SECONDS,
    Screen.PLACE: PRINTING_SECONDS,
    Screen.REFUSED: REFUSED_SECONDS,
}
