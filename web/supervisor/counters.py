"""The counters: who is there, what happens, since when."""

from dataclasses import dataclass

from protocol.replies import CounterInfo, CounterStatus
from protocol.words import TicketState
from web.names import counter_text
from web.supervisor.scene import Scene, milliseconds

SIGNS = {"closed": "–", "idle": "○", "called": "◐", "serving": "●", "paused": "‖", "lost": "✕"}
"""What tells the states apart for who does not see colours."""


@dataclass(frozen=True)
class Tile:
    """A counter in the page's plan of the hall; `since` is in milliseconds since 1970 UTC."""

    counter_id: str
    name: str
    state: str
    sign: str
    word: str
    since: int | None = None
    operator: str = ""
    number: str = ""
    priority: str = ""
    service: str = ""
    marks: tuple[str, ...] = ()
    alarm: bool = False


def tiles(scene: Scene) -> list[Tile]:
    """The counters in the hall's order."""
    status_of = {one.counter_id: one for one in scene.overview.counters}
    return [
        tile(scene, counter, status_of.get(counter.counter_id) or CounterStatus(counter.counter_id, open=False))
        for counter in scene.hall.counters
    ]


def tile(scene: Scene, counter: CounterInfo, status: CounterStatus) -> Tile:
    """One counter."""
    state = counter_state(status)
    ticket = status.ticket
    word = scene.say(f"counter_{state}")
    if status.paused_reason_id is not None and state == "paused":
        word = scene.pause_reason(status.paused_reason_id)
    return Tile(
        counter_id=counter.counter_id,
        name=counter_text(counter, scene.language),
        state=state,
        sign=SIGNS[state],
        word=word,
        since=_since(status),
        operator=scene.person(status.operator_id),
        number=ticket.number if ticket else "",
        priority=scene.sign(ticket.class_id) if ticket else "",
        service=scene.service(ticket.service_id) if ticket else "",
        marks=_marks(scene, status),
        alarm=status.alarm_at is not None,
    )


def counter_state(status: CounterStatus) -> str:
    """The one word for what a counter does; a lost page comes before what it did last."""
    if not status.open:
        return "closed"
    if not status.connected:
        return "lost"
    if status.ticket is not None:
        return "serving" if status.ticket.state is TicketState.SERVING else "called"
    return "paused" if status.paused_reason_id is not None else "idle"


def _since(status: CounterStatus) -> int | None:
    if not status.open:
        return None
    if status.ticket is not None:
        return milliseconds(status.ticket.serving_at or status.ticket.called_at)
    return milliseconds(status.since)


def _marks(scene: Scene, status: CounterStatus) -> tuple[str, ...]:
    """What is different from the hall file today."""
    takes = (scene.say(f"takes_{status.takes}"),) if status.takes != "all" else ()
    return takes + ((scene.say("services_changed"),) if status.service_ids else ())
