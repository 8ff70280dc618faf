"""What a checked hall file amounts to, on one screen, with notes on what is allowed but worth a look. Pure."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from config.mapping import Mapping
from config.settings import HallFile, Procedure
from config.texts import text

_MOST_FIELDS = 10


def hall_lines(hall: HallFile, procedures: Sequence[Procedure], language: str) -> list[str]:
    """The hall's name, hours and counts, how its procedures fall to its services, and notes."""
    opening = [
        text("check.day", language, day=text(f"check.{day}", language), spans=", ".join(spans))
        for day, spans in msgspec.to_builtins(hall.hours).items()
        if spans
    ]
    counts = text(
        "check.counts",
        language,
        agencies=len(hall.agencies),
        services=len(hall.services),
        queues=len(hall.queues),
        counters=len(hall.counters),
        classes=len(hall.classes),
        operators=len(hall.operators),
    )
    lines = [f"{hall.hall.name} ({hall.hall.id}, {hall.hall.zone})", *opening, counts]
    return lines + unmapped_lines(Mapping(hall), procedures, language) + _notes(hall, language)


def unmapped_lines(mapping: Mapping, procedures: Sequence[Procedure], language: str) -> list[str]:
    """How many procedures have a service, and of which agencies and fields the others are."""
    unmapped = mapping.unmapped(procedures)
    lines = [text("check.mapped", language, mapped=len(procedures) - len(unmapped), all=len(procedures))]
    if not unmapped:
        return lines
    fields = Counter((procedure.agency or "-", procedure.field or "-") for procedure in unmapped)
    lines.append(text("check.unmapped", language, count=len(unmapped)))
    lines += [f"  {count:>5}  {agency} · {field}" for (agency, field), count in fields.most_common(_MOST_FIELDS)]
    rest = len(fields) - _MOST_FIELDS
    return lines + ([text("check.more", language, count=rest)] if rest > 0 else [])


def _notes(hall: HallFile, language: str) -> list[str]:
    prefixes = {queue.prefix for queue in hall.queues}
    notes = [text("check.alike", language)] if {"B", "P"} <= prefixes else []
    used = {service.queue for service in hall.services}
    notes += [text("check.idle_queue", language, queue=queue.id) for queue in hall.queues if queue.id not in used]
    return notes
