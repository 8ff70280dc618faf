"""What a hall file may say and a person should look at all the same. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from config.names import composed, id_of
from config.settings import HallFile
from config.texts import languages, text

SPOKEN = ("vi", "en")
"""The languages in which the program itself knows how a call is said."""
Note = tuple[str, dict[str, object]]
"""A text of `[check]` and its facts."""


def notes(hall: HallFile, language: str, today: dt.date) -> list[str]:
    """All notes on a checked hall file, as lines."""
    found = [
        *_series(hall),
        *_signs(hall),
        *_people(hall),
        *_names(hall),
        *_languages(hall),
        *_voices(hall),
        *_spoken(hall),
        *_holidays(hall, today),
    ]
    return [text(f"check.{key}", language, **facts) for key, facts in found]


def _series(hall: HallFile) -> Iterable[Note]:
    if {"B", "P"} <= {queue.prefix for queue in hall.queues}:
        yield "alike", {}
    used = {service.queue for service in hall.services}
    for queue in hall.queues:
        if queue.id not in used:
            yield "idle_queue", {"queue": queue.id}
        numbers = queue.last - queue.first + 1
        if hall.kiosk.block_size * 2 > numbers:
            yield "large_blocks", {"queue": queue.id, "numbers": numbers, "size": hall.kiosk.block_size}


def _signs(hall: HallFile) -> Iterable[Note]:
    for each in hall.classes:
        if each.head_start_minutes and not each.sign:
            yield "no_sign", {"id": each.id}


def _people(hall: HallFile) -> Iterable[Note]:
    if not any(operator.role in ("supervisor", "administrator") for operator in hall.operators):
        yield "no_lead", {}
    skills = {service for operator in hall.operators for service in operator.skills}
    for service in hall.services if skills else ():
        if service.id not in skills:
            yield "no_skill", {"service": service.id}


def _names(hall: HallFile) -> Iterable[Note]:
    work = hall.counter_work
    for key, choices in (("results", work.results), ("pause_reasons", work.pause_reasons)):
        for name, count in Counter(choice.name for choice in choices).items():
            if count > 1:
                yield "same_name", {"name": name, "list": f"counter_work.{key}"}


def _voices(hall: HallFile) -> Iterable[Note]:
    """One announcement at a time: a service that two displays call is heard twice where both can be heard."""
    speaking = [display for display in hall.displays if display.speaks]
    if hall.displays and not speaking:
        yield "no_voice", {}
    for service in hall.services:
        names = [display.id for display in speaking if service.id in (display.services or [service.id])]
        if len(names) > 1:
            yield "two_voices", {"names": ", ".join(names), "service": service.id}
            return


def _spoken(hall: HallFile) -> Iterable[Note]:
    """What the voice can't say, or would say wrong: clips are named without accents."""
    for language in hall.voice.languages:
        if language not in SPOKEN:
            yield "no_phrases", {"name": language}
    names: dict[str, list[str]] = {}
    for name in dict.fromkeys(composed(counter.name) for counter in hall.counters):
        names.setdefault(id_of(name), []).append(name)
    for alike in names.values():
        if len(alike) > 1:
            yield "same_clip", {"names": ", ".join(f"'{name}'" for name in alike)}


def _languages(hall: HallFile) -> Iterable[Note]:
    for language in hall.kiosk.languages:
        if language not in languages():
            yield "no_texts", {"name": language}


def _holidays(hall: HallFile, today: dt.date) -> Iterable[Note]:
    if not any(day >= today for day in hall.hours.holidays):
        yield "no_holidays", {}
