"""A hall that cannot write: the citizen reads what to do, and no number is left without its paper."""

from pathlib import Path

import pytest

from kiosk.stages import Screen
from kiosk.view import look
from protocol.commands import Command, IssueTicket
from protocol.errors import StorageFailed
from protocol.replies import Reply
from tests.kiosk.booth import Booth
from tests.kiosk.model_hall import ModelHall


class Failing(ModelHall):
    """A hall whose disk fails at the next number; `kept`: it holds it all the same."""

    def __init__(self, *, kept: bool) -> None:
        super().__init__()
        self.kept = kept
        self.fails = True

    def handle(self, kiosk_id: str, request_id: str, command: Command) -> Reply:
        if isinstance(command, IssueTicket) and self.fails:
            self.fails = False
            if self.kept:
                super().handle(kiosk_id, request_id, command)
            raise StorageFailed
        return super().handle(kiosk_id, request_id, command)


@pytest.mark.parametrize("kept", [False, True])
def test_a_citizen_reads_whom_to_tell_and_the_hall_is_left_with_no_number(tmp_path: Path, *, kept: bool) -> None:
    hall = Failing(kept=kept)
    booth = Booth(tmp_path / "journal.db", hall)
    booth.hear()
    booth.tap()
    booth.settle()
    assert booth.flow.screen is Screen.REFUSED
    shown = look(booth.flow, booth.printer.status(), booth.seconds)
    assert "chưa có gì thay đổi" in shown.more
    assert "báo nhân viên" in shown.more
    assert shown.means is None, "the same touch is not tried again and again"
    assert not booth.printer.jobs
    booth.pass_time(6)
    booth.settle()
    assert [ticket.cancelled for ticket in hall.tickets.values()] == [True] * kept
    assert not booth.journal.entries, "nothing is owed"

    booth.tap()
    booth.settle()
    assert booth.flow.screen is Screen.RESULT
    assert [ticket.number for ticket in hall.tickets.values() if not ticket.cancelled] == [booth.number()]
