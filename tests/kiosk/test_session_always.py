"""Whatever is lost, repeated or cut off, between two kiosks and their hall: every number is on one paper, once."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec.structs import replace

from config.settings import WEEKDAYS
from kiosk.touches import Home
from protocol.events import Event, NumbersNeeded
from protocol.words import PrintOutcome
from tests.conftest import LONG
from tests.kiosk.booth import Booth
from tests.kiosk.exact import assert_exact, bring_to_rest
from tests.kiosk.model_hall import ModelHall, hall_of_blocks

pytestmark = pytest.mark.timeout(1200 if LONG else 240)
ALL_DAY = {day: ["00:00-24:00"] for day in WEEKDAYS}
WHICH = st.integers(0, 1)
OUTCOMES: list[PrintOutcome] = ["printed", "unknown", "failed"]


class TwoKiosks(RuleBasedStateMachine):
    """Two kiosks with small blocks, and everything that may go wrong around them."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        found = hall_of_blocks()
        habits = found.kiosk and replace(found.kiosk, issue_before_minutes=0, last_number_minutes=0)
        self.hall = ModelHall(replace(found, hours=ALL_DAY, kiosk=habits), block_size=6)
        names = ("kiosk-1", "kiosk-2")
        self.booths = [Booth(Path(self.folder.name) / f"{name}.db", self.hall, name) for name in names]
        self.lost_papers: set[str] = set()
        self.lost_disk = False
        for booth in self.booths:
            booth.hear()

    # ---- what happens ----

    @rule(which=WHICH, service_id=st.sampled_from(["s0", "s1"]))
    def a_citizen_taps(self, which: int, service_id: str) -> None:
        self.booths[which].tap(service_id)

    @rule(which=WHICH)
    def a_citizen_leaves(self, which: int) -> None:
        self.booths[which].session.touch(Home())

    @rule(which=WHICH, answered=st.booleans())
    def messages_arrive(self, which: int, answered: bool) -> None:
        """Not answered: they stay on their way, so that they arrive a second time."""
        self.booths[which].client.arrive(answered=answered)
        self.booths[which].work()

    @rule(which=WHICH, data=st.data())
    def one_message_arrives_before_the_others(self, which: int, data: st.DataObject) -> None:
        client = self.booths[which].client
        if client.sent:
            at = data.draw(st.integers(0, len(client.sent) - 1))
            client.sent, later = [client.sent[at]], client.sent[:at] + client.sent[at + 1 :]
            client.arrive()
            client.sent = later + client.sent
            self.booths[which].work()

    @rule(which=WHICH, seconds=st.sampled_from([0.5, 4.0, 13.0, 40.0, 130.0]))
    def time_passes(self, which: int, seconds: float) -> None:
        self.booths[which].pass_time(seconds)

    @rule(which=WHICH)
    def the_server_is_silent(self, which: int) -> None:
        self.booths[which].lose_server()

    @rule(which=WHICH)
    def the_server_is_heard(self, which: int) -> None:
        self.booths[which].session.on_snapshot(self.hall.snapshot())
        self.booths[which].work()

    @rule(which=WHICH, outcome=st.sampled_from(OUTCOMES), tells=st.booleans())
    def papers_come_out(self, which: int, outcome: PrintOutcome, tells: bool) -> None:
        self.booths[which].printer.finish(outcome, tells=tells)
        self.booths[which].work()

    @rule(which=WHICH, seconds=st.sampled_from([3.0, 60.0, 300.0]))
    def the_kiosk_is_cut_off(self, which: int, seconds: float) -> None:
        self.booths[which].crash(seconds)

    @rule(queue_id=st.sampled_from(["q0", "q1"]))
    def the_hall_needs_numbers(self, queue_id: str) -> None:
        body = NumbersNeeded(queue_id, self.hall.day)
        for booth in self.booths:
            booth.session.on_event(Event("e", self.hall._next(), self.hall.now, "server", body))
            booth.work()

    @precondition(lambda self: not self.lost_disk)
    @rule(which=WHICH)
    def the_kiosk_loses_its_disk(self, which: int) -> None:
        """What was given alone before can't be known any more; but no number may be given a second time."""
        booth = self.booths[which]
        self.lost_disk, self.lost_papers = True, {job.paper.name for job in booth.printer.jobs}
        booth.cut()
        for part in booth.path.parent.glob(f"{booth.path.name}*"):
            part.unlink()
        booth.touches.clear()
        booth.start()

    # ---- what holds then ----

    def teardown(self) -> None:
        try:
            for booth in self.booths:
                bring_to_rest(booth)
            assert_exact(self.hall, self.booths, self.lost_papers, lost=self.lost_disk)
            if not self.lost_disk:
                self._no_touch_is_lost()
        finally:
            for booth in self.booths:
                booth.cut()
            self.folder.cleanup()

    def _no_touch_is_lost(self) -> None:
        for booth in self.booths:
            assert set(booth.touches) <= {entry.request_id for entry in booth.journal.all_entries()}


TestTwoKiosks = TwoKiosks.TestCase
TestTwoKiosks.settings = settings(
    max_examples=400 if LONG else 25,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if LONG else [])],
)
