"""A counter as this program works it: its state, its key to the hall, and what it does there by and by."""

from concurrent.futures import Future
from typing import Protocol

from counter.desk import Desk
from counter.orders import Presets
from protocol.commands import Command, KeepCounter, ReportDevice
from protocol.replies import HallReply, Reply

KEEP_SECONDS = 20.0
REPORT_SECONDS = 30.0
CABLE = "cable"
"""The trouble of a device whose line is down."""


class Asks(Protocol):
    """What a seat needs of `protocol.client.HallClient`."""

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        """Send a command; the future holds the reply or raises a MotcuaError."""


class Seat:
    """One counter; used on the session's thread only."""

    def __init__(self, counter_id: str, client: Asks, presets: Presets) -> None:
        self.desk = Desk(counter_id)
        self.client = client
        self.presets = presets
        self.busy = False
        """Whether a press is being carried out; what is pressed meanwhile is dropped."""
        self._keep_at = 0.0
        self._report_at = 0.0
        self._reported: list[str] | None = None

    def describe(self, hall: HallReply) -> list[str]:
        """Take the hall's settings; says which presets of this counter it does not know."""
        self.desk.describe(hall)
        operator_id, service_id = self.presets.operator_id, self.presets.transfer_service_id
        faults = []
        if operator_id is not None and operator_id not in hall.operator_ids:
            faults.append(f"the hall has no operator {operator_id}: the call key can't open counter {self.counter_id}")
        if service_id is not None and service_id not in {service.service_id for service in hall.services}:
            faults.append(f"the hall has no service {service_id}: counter {self.counter_id} can't transfer to it")
        return faults

    @property
    def counter_id(self) -> str:
        """The counter."""
        return self.desk.counter_id

    def chores(self, line_up: bool, now: float) -> list[Command]:
        """What is to be told now: that the operator's keypad is there, and how the device is."""
        return [*self._keep(now), *self._report([] if line_up else [CABLE], now)]

    def _keep(self, now: float) -> list[Command]:
        """Only for the keypad's own operator: who opened the counter on a page keeps it with the page."""
        operator_id = self.desk.operator_id
        if operator_id is None or operator_id != self.presets.operator_id or now < self._keep_at:
            return []
        self._keep_at = now + KEEP_SECONDS
        return [KeepCounter(self.counter_id, operator_id=operator_id)]

    def _report(self, troubles: list[str], now: float) -> list[Command]:
        if troubles == self._reported and now < self._report_at:
            return []
        self._reported, self._report_at = troubles, now + REPORT_SECONDS
        return [ReportDevice(troubles)]
