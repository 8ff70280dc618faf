"""The tickets: those that live, those that were missed, and one looked at closely."""

from dataclasses import dataclass

from protocol.replies import TicketView
from protocol.words import TicketState
from web.supervisor.scene import Scene, milliseconds

GROUPS = ("waiting", "at_counter", "parked", "missed")
_GROUP_OF = {
    TicketState.WAITING: "waiting",
    TicketState.CALLED: "at_counter",
    TicketState.SERVING: "at_counter",
    TicketState.PARKED: "parked",
    TicketState.NO_SHOW: "missed",
}
LIVE = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED})
RESTORABLE = frozenset({TicketState.NO_SHOW, TicketState.CANCELLED})


@dataclass(frozen=True)
class TicketRow:
    """A ticket in the list; `since` is from when it waits, in milliseconds since 1970 UTC."""

    ticket_id: int
    number: str
    group: str
    state_text: str
    service: str
    sign: str
    class_name: str
    since: int
    target_seconds: int
    place: str
    note: str


@dataclass(frozen=True)
class TicketCard:
    """A ticket looked at closely: its facts as label and value, and what may be done with it."""

    ticket_id: int
    number: str
    state: str
    state_text: str
    sign: str
    class_name: str
    facts: list[tuple[str, str]]
    live: bool
    restorable: bool
    called: bool


def ticket_rows(scene: Scene) -> list[TicketRow]:
    """The live tickets in their order of issue, then the missed ones, the last first."""
    every = [*scene.overview.tickets, *scene.overview.missed]
    return [ticket_row(scene, ticket) for ticket in every if ticket.state in _GROUP_OF]


def ticket_row(scene: Scene, ticket: TicketView) -> TicketRow:
    """One ticket of the list."""
    sign = scene.sign(ticket.class_id)
    return TicketRow(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        group=_GROUP_OF[ticket.state],
        state_text=scene.say(f"ticket_{ticket.state.value}"),
        service=scene.service(ticket.service_id),
        sign=sign,
        class_name=scene.class_name(ticket.class_id) if sign else "",
        since=milliseconds(scene.waited_since(ticket)) or 0,
        target_seconds=scene.target_minutes(ticket.service_id) * 60,
        place=_place(scene, ticket),
        note=_note(scene, ticket),
    )


def _place(scene: Scene, ticket: TicketView) -> str:
    """Where the ticket is, or for whom alone it waits."""
    if ticket.state in (TicketState.CALLED, TicketState.SERVING, TicketState.NO_SHOW) and ticket.counter_id:
        return scene.counter(ticket.counter_id)
    if ticket.to_counter_id:
        return scene.say("only_for", who=scene.counter(ticket.to_counter_id))
    return scene.say("only_for", who=scene.person(ticket.to_operator_id)) if ticket.to_operator_id else ""


def _note(scene: Scene, ticket: TicketView) -> str:
    if ticket.state is TicketState.PARKED and ticket.parked_until:
        return scene.say("parked_until", at=scene.clock(ticket.parked_until))
    if ticket.state is not TicketState.WAITING:
        return ""
    notes = [scene.say("slot_at", at=scene.clock(ticket.slot_at))] if ticket.slot_at else []
    notes += [scene.say("came_back")] if ticket.returned else []
    notes += [scene.class_name(ticket.class_id)] if scene.sign(ticket.class_id) else []
    return " · ".join(notes)


def ticket_card(scene: Scene, ticket: TicketView) -> TicketCard:
    """One ticket with all that is known of it."""
    sign = scene.sign(ticket.class_id)
    return TicketCard(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        state=ticket.state.value,
        state_text=scene.say(f"ticket_{ticket.state.value}"),
        sign=sign,
        class_name=scene.class_name(ticket.class_id),
        facts=[(scene.say(f"fact_{key}"), value) for key, value in _facts(scene, ticket) if value],
        live=ticket.state in LIVE,
        restorable=ticket.state in RESTORABLE,
        called=ticket.rule is not None,
    )


def _facts(scene: Scene, ticket: TicketView) -> list[tuple[str, str]]:
    def clock(name: str) -> str:
        at = getattr(ticket, name)
        return scene.clock(at) if at else ""

    ahead = "" if ticket.people_ahead is None else str(ticket.people_ahead)
    return [
        ("service", scene.service(ticket.service_id)),
        ("class", scene.class_name(ticket.class_id)),
        ("origin", scene.say(f"origin_{ticket.origin.value}")),
        ("issued", clock("issued_at")),
        ("slot", clock("slot_at")),
        ("ahead", ahead),
        ("expected", _expected(scene, ticket)),
        ("called", clock("called_at")),
        ("serving", clock("serving_at")),
        ("ended", clock("finished_at")),
        ("counter", scene.counter(ticket.counter_id) if ticket.counter_id else ""),
        ("operator", scene.person(ticket.operator_id)),
        ("recalls", str(ticket.recalls) if ticket.recalls else ""),
        ("parked", clock("parked_until")),
        ("only_for", scene.counter(ticket.to_counter_id) if ticket.to_counter_id else ""),
        ("only_for", scene.person(ticket.to_operator_id)),
        ("back_to", scene.counter(ticket.return_to_counter_id) if ticket.return_to_counter_id else ""),
        ("proof", "" if ticket.claim_valid is None else scene.say("proof_yes" if ticket.claim_valid else "proof_no")),
        ("times", scene.say("times_wrong") if ticket.times_wrong else ""),
    ]


def _expected(scene: Scene, ticket: TicketView) -> str:
    if ticket.wait_high_minutes is None:
        return ""
    return scene.say("expected", low=ticket.wait_low_minutes or 0, high=ticket.wait_high_minutes)
