"""Why this number and not that one: the recorded reason of a call in plain sentences."""

from dataclasses import dataclass

from protocol.events import CallReason
from protocol.replies import TicketView, WhyReply
from web.supervisor.scene import Scene, decimal


@dataclass(frozen=True)
class Standing:
    """How a number stood when the call was decided."""

    number: str
    points: str
    share: str
    chosen: bool = False


@dataclass(frozen=True)
class Why:
    """The answer: the comparison first if one was asked for, then the reason, then how all stood."""

    number: str
    other: str
    verdict: str
    sentences: list[str]
    standings: list[Standing]


def explain(scene: Scene, reply: WhyReply) -> Why:
    """The answer in words."""
    reason = reply.reason
    return Why(
        number=reply.ticket.number,
        other=reply.other.number if reply.other else "",
        verdict=_verdict(scene, reply) if reply.other else "",
        sentences=_sentences(scene, reply.ticket, reason),
        standings=_standings(scene, reply, reason) if reason else [],
    )


def rule_text(scene: Scene, ticket: TicketView, reason: CallReason) -> str:
    """Which part of the rule made a number the next one."""
    places = {
        "number": ticket.number,
        "counter": scene.counter(ticket.counter_id or ""),
        "service": scene.service(ticket.service_id),
        "class_name": scene.class_name(ticket.class_id),
        "share": _share(reason.over_limit),
        "reason": reason.text,
    }
    try:
        return scene.say(f"rule_{reason.rule.value}", **places)
    except KeyError:
        return scene.say("rule_other", rule=reason.rule.value)


def _sentences(scene: Scene, ticket: TicketView, reason: CallReason | None) -> list[str]:
    if reason is None:
        return [scene.say("why_never_called", number=ticket.number)]
    called = [scene.say("why_called", number=ticket.number, counter=scene.counter(ticket.counter_id or ""))]
    if ticket.called_at:
        called = [scene.say("why_called_at", number=ticket.number, counter=scene.counter(ticket.counter_id or ""),
                            at=scene.clock(ticket.called_at))]  # fmt: skip
    return [*called, rule_text(scene, ticket, reason)]


def _verdict(scene: Scene, reply: WhyReply) -> str:
    """Why the one and not the other."""
    assert reply.other is not None
    reason = reply.reason
    places = {
        "number": reply.ticket.number,
        "other": reply.other.number,
        "counter": scene.counter(reply.ticket.counter_id or ""),
        "other_service": scene.service(reply.other.service_id),
        "points": _points(scene, reason.points if reason else None),
        "other_points": _points(scene, reply.other_points),
        "share": _share(reason.over_limit if reason else None),
        "other_share": _share(reply.other_over_limit),
        "reason": (reason.text if reason else "") or scene.say("no_reason_given"),
    }
    try:
        return scene.say(f"verdict_{reply.verdict}", **places)
    except KeyError:
        return scene.say("verdict_other", code=reply.verdict)


def _standings(scene: Scene, reply: WhyReply, reason: CallReason) -> list[Standing]:
    """The number that was called, the other one, and the best of the rest."""
    found = [Standing(reply.ticket.number, _points(scene, reason.points), _share(reason.over_limit), chosen=True)]
    if reply.other is not None and reply.other_points is not None:
        found.append(Standing(reply.other.number, _points(scene, reply.other_points), _share(reply.other_over_limit)))
    known = {one.number for one in found}
    rest = [one for one in reason.candidates if one.number not in known]
    return found + [Standing(one.number, _points(scene, one.points), _share(one.over_limit)) for one in rest]


def _points(scene: Scene, points: float | None) -> str:
    return "–" if points is None else decimal(points, scene.language)


def _share(over: float | None) -> str:
    """Waited ÷ limit as percent; nothing if the class has no limit."""
    return f"{round(over * 100)} %" if over else "–"
