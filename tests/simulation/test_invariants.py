"""Each invariant is broken once on purpose: a check that can't fail proves nothing."""

from collections.abc import Callable
from typing import Any
from unittest import mock

from msgspec.structs import replace

import kiosk.blocks
import kiosk.debts
import kiosk.printing
import queue_server.cases.rating
import queue_server.domain.folding
import queue_server.domain.numbering
import queue_server.figuring
import queue_server.ledger
from display.board import Board, Freshness
from kiosk.blocks import HeldBlock
from protocol import events as ev
from queue_server.domain.ticket import MOVES
from queue_server.ledger import Ledger
from queue_server.storage.base import Batch, StoredAnswer
from tests.simulation.hall_day import HOUR, HallDay
from tests.simulation.run import Outcome, run_day
from tests.simulation.server import Disk

Change = Callable[[HallDay], None]


def broken_by(
    *changes: Any, faults: tuple[str, ...] = (), prepare: Callable[[HallDay], None] = lambda _day: None
) -> Outcome:
    """The first day that breaks with these patches in place."""
    outcome = Outcome(0)
    for seed in range(1, 6):
        for change in changes:
            change.start()
        try:
            outcome = run_day(seed, faults, prepare)
        finally:
            for change in reversed(changes):
                change.stop()
        if outcome.failure:
            break
    return outcome


def cut_off_for_an_hour(day: HallDay) -> None:
    """Kiosks give numbers of their own while most citizens come."""
    for key in day.all_keys():
        day.world.after(1.4 * HOUR, "cut", lambda key=key: day.network.cut(key))  # type: ignore[misc]
        day.world.after(2.4 * HOUR, "mend", lambda key=key: day.network.mend(key))  # type: ignore[misc]


def test_1_an_answer_before_its_commit_is_noticed() -> None:
    real = Ledger.commit

    def lazily(self: Ledger) -> list[bytes]:
        """Answer now, commit with the next batch but two."""
        self.lazy = getattr(self, "lazy", 0) + 1  # type: ignore[attr-defined]
        return [] if self.lazy % 3 else real(self)  # type: ignore[attr-defined]

    assert broken_by(mock.patch.object(Ledger, "commit", lazily)).invariant == 1


def test_1_a_lost_commit_is_noticed_after_the_restart() -> None:
    def forgetful(self: Disk, batch: Batch) -> None:
        """Say that it is stored, and have it in memory only."""
        if not self.crash:
            real(self, batch)
        else:
            self._committed(batch)

    real = Disk.commit
    outcome = broken_by(mock.patch.object(Disk, "commit", forgetful), faults=("crash_after_commit", "server_killed"))
    assert outcome.invariant in (1, 2), "it is gone, or a repeated request gets another answer"


def test_2_a_server_that_forgets_its_answers_gives_a_second_number() -> None:
    forgets = mock.patch.object(Ledger, "remembered", return_value=None)
    assert broken_by(forgets, faults=("messages_doubled",)).invariant == 2


def test_2_another_answer_to_the_same_request_is_noticed() -> None:
    real = Ledger.remembered

    def otherwise(self: Ledger, name: str) -> StoredAnswer | None:
        found = real(self, name)
        return (
            StoredAnswer(name, found.fingerprint, found.reply.replace(b'"number":"', b'"number":"9')) if found else None
        )

    outcome = broken_by(mock.patch.object(Ledger, "remembered", otherwise), faults=("messages_doubled",))
    assert outcome.invariant == 2


def test_3_a_number_given_twice_is_noticed() -> None:
    twice = mock.patch.object(queue_server.domain.numbering, "next_number", return_value=7)
    assert broken_by(twice).invariant == 3


def test_3_a_number_left_out_is_noticed() -> None:
    real = queue_server.domain.numbering.next_number

    def skipping(queue: Any, last: int | None, *rest: Any) -> int:
        return real(queue, last + 1 if last == 3 else last, *rest)

    assert broken_by(mock.patch.object(queue_server.domain.numbering, "next_number", skipping)).invariant == 3


def test_3_a_kiosk_that_leaves_numbers_out_is_noticed() -> None:
    skipping = mock.patch.object(HeldBlock, "without_next", lambda self: replace(self, first=self.first + 2))
    assert broken_by(skipping, prepare=cut_off_for_an_hour).invariant == 3


def test_4_a_ticket_that_is_called_to_two_counters_is_noticed() -> None:
    allowed, after = MOVES["call"]
    wider = mock.patch.dict(MOVES, {"call": (allowed | {after}, after)})
    real = Ledger.record

    def generously(self: Ledger, body: ev.EventBody, *rest: Any) -> ev.Event:
        called = real(self, body, *rest)
        if isinstance(body, ev.TicketCalled):
            real(self, replace(body, counter_id="3" if body.counter_id == "1" else "1"), *rest)
        return called

    assert broken_by(wider, mock.patch.object(Ledger, "record", generously)).invariant == 4


def test_5_a_state_that_is_not_what_the_log_adds_up_to_is_noticed() -> None:
    real = Ledger.commit

    def wrongly(self: Ledger) -> list[bytes]:
        for ticket_id, ticket in self.hall.changes.tickets.items():
            self.hall.changes.tickets[ticket_id] = replace(ticket, number=f"{ticket.number}0")
        return real(self)

    assert broken_by(mock.patch.object(Ledger, "commit", wrongly)).invariant == 5


def test_5_a_broken_chain_is_noticed() -> None:
    linked = mock.patch.object(queue_server.ledger, "link", return_value=bytes(32))
    assert broken_by(linked).invariant == 5


def test_6_figures_that_count_otherwise_are_noticed() -> None:
    real = queue_server.figuring._Reading.visits
    fewer = mock.patch.object(queue_server.figuring._Reading, "visits", lambda self: real(self)[1:])
    assert broken_by(fewer).invariant == 6


def test_7_a_wall_that_claims_to_be_fresh_is_noticed() -> None:
    fresh = mock.patch.object(Board, "freshness", return_value=Freshness.LIVE)
    assert broken_by(fresh, faults=("wall_cut", "all_cut", "server_killed")).invariant == 7


def test_7_a_wall_that_misses_a_call_is_noticed() -> None:
    deaf = mock.patch.object(Board, "_happen", return_value=None)
    assert broken_by(deaf).invariant == 7


def test_8_a_second_rating_is_noticed() -> None:
    again = mock.patch.object(queue_server.cases.rating, "refuse_rating", return_value=None)
    assert broken_by(again).invariant == 8


def test_9_a_person_in_the_log_is_noticed() -> None:
    real = Ledger.record

    def talkative(self: Ledger, body: ev.EventBody, *rest: Any) -> ev.Event:
        if isinstance(body, ev.TicketIssued) and body.service_id == "tax":
            body = replace(body, procedure_code="079200000001")
        return real(self, body, *rest)

    assert broken_by(mock.patch.object(Ledger, "record", talkative)).invariant == 9


def test_10_a_kiosk_that_never_tells_what_it_owes_is_noticed() -> None:
    silent = mock.patch.object(kiosk.debts, "debts", return_value=[])
    assert broken_by(silent).invariant == 10


def test_11_a_paper_that_is_printed_twice_is_noticed() -> None:
    real = kiosk.printing.Printing.print

    def twice(self: Any, job: Any, *rest: Any) -> None:
        real(self, job, *rest)
        self._printer.print(job.paper)

    assert broken_by(mock.patch.object(kiosk.printing.Printing, "print", twice)).invariant == 11


def test_12_a_fault_of_the_servers_own_is_noticed() -> None:
    def fails(*_: object) -> None:
        raise KeyError("gone")

    assert broken_by(mock.patch.object(queue_server.cases.rating, "_rate", fails)).invariant == 12
