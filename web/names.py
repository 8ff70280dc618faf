"""How the pages name a counter."""

import re
from collections.abc import Iterable

from config.texts import text
from protocol.replies import CounterInfo, HallReply

_COUNTER_WORD = re.compile(r"^\s*(?:quầy|quay|counter)\s*(?:số)?\s*", re.IGNORECASE)


def counter_text(counter: CounterInfo, language: str) -> str:
    """`Quầy 3` or `Counter 3`, however the hall file writes it; another name stays as it is."""
    short = _COUNTER_WORD.sub("", counter.name)
    if short and (short != counter.name or short.isdecimal()):
        return text("phone.counter", language, n=short)
    return counter.name


def counter_in_sentence(shown: str, language: str) -> str:
    """The same inside a sentence: `quầy số 3`, `counter 3`."""
    short = _COUNTER_WORD.sub("", shown)
    return text("phone.counter_spoken", language, n=short) if short.isdecimal() else shown


def counter_names(hall: HallReply, counter_ids: Iterable[str], language: str) -> list[str]:
    """The names of counters, in the hall's order."""
    wanted = set(counter_ids)
    return [counter_text(counter, language) for counter in hall.counters if counter.counter_id in wanted]
