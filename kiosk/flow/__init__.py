"""The kiosk's screens as one state machine: touches, answers and seconds in, effects out."""

from kiosk.flow.machine import SETTLE_SECONDS as SETTLE_SECONDS
from kiosk.flow.machine import TILES_PER_PAGE as TILES_PER_PAGE
from kiosk.flow.machine import Flow as Flow
