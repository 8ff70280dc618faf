"""The use cases: one function per command, each decides against the state and records what happened.

Every case takes the service, its command, the asking device and the instant, and gives the reply or raises a Refusal.
"""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from protocol.replies import Reply
from queue_server.domain.rows import Device

if TYPE_CHECKING:
    from queue_server.service import QueueService

Case = Callable[["QueueService", Any, Device, dt.datetime], Reply]
Cases = dict[type, Case]
