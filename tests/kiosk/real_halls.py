"""The shipped halls as their servers tell them to kiosks: with purposes, pictures and the everyday procedures."""

from functools import cache

from config.loading import load_catalogue, load_hall
from config.settings import ROOT, HallFile
from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from protocol.replies import HallReply, ServiceStatus, Snapshot
from protocol.views import ProcedureInfo
from queue_server.catalogue import catalogue_of
from queue_server.hall_view import hall_reply
from tests.kiosk.halls import snapshot


@cache
def _file(name: str) -> HallFile:
    return load_hall(ROOT / "halls" / f"{name}.toml")


@cache
def shipped(name: str) -> HallReply:
    """A shipped hall, such as `cao-bang`."""
    return hall_reply(_file(name), "everyday")


@cache
def everyday(name: str) -> tuple[ProcedureInfo, ...]:
    """The everyday procedures that a shipped hall takes."""
    catalogue = load_catalogue(ROOT / "catalogue" / "everyday.toml")
    return catalogue_of(_file(name), catalogue, {}).procedures


def flow_of(hall: HallReply, procedures: tuple[ProcedureInfo, ...] = (), told: Snapshot | None = None) -> Flow:
    """A flow that has heard of a hall and its procedures."""
    now = HallNow()
    now.take_hall(hall)
    now.take_procedures(procedures)
    now.take_snapshot(told or snapshot(hall))
    return Flow(now, settle_seconds=0)


def crowded(hall: HallReply, service_id: str, waiting: int) -> Snapshot:
    """The hall with so many people waiting for one service."""
    found = snapshot(hall)
    status = ServiceStatus(service_id, waiting, 2, waiting * 3, waiting * 5)
    others = [each for each in found.services if each.service_id != service_id]
    return Snapshot(found.epoch, found.seq, found.at, found.service_day, [*others, status], [], [], found.satisfaction)
