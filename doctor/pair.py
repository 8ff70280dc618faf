"""The hall's two machines: whether the second one reaches the first, and whether the other one took this hall over."""

from doctor.finding import Finding, Findings, well, wrong
from doctor.place import Place, keys_in
from queue_server.standby.promoting import answers
from queue_server.standby.states import FENCED, STANDBY


def look_at_first(place: Place) -> Findings:
    """From the second machine: whether the first one answers at its link."""
    keys = keys_in(place.data / STANDBY)
    if keys is None:
        yield wrong("network", "link_unreadable", file=place.data / STANDBY)
    elif answers(keys):
        yield well("network", "hall_answers", address=keys.commands)
    else:
        yield wrong("network", "first_silent", address=keys.commands)


def taken_over(place: Place) -> Finding | None:
    """What a machine must know that the other one took the place of."""
    return wrong("network", "hall_taken_over") if (place.data / FENCED).exists() else None
