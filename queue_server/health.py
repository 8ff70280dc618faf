"""How the server itself is: what troubles it, what it counts and measures. Whoever learns of it tells it here."""

import datetime as dt
from collections import Counter

from protocol import replies as re
from protocol.errors import Fact
from protocol.staff_replies import TROUBLES


class Health:
    """In memory only: a server that starts again looks anew."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """What happened so often since the start, by names such as `commands`."""
        self.gauges: dict[str, float] = {}
        """What was measured last, by names that end with their unit, such as `disk_free_bytes`."""
        self._open: dict[str, re.Alert] = {}

    def note_batch(self, requests: int) -> None:
        """Count a batch of requests that lay ready together: how deep the queue before the server was."""
        self.counts["batches"] += 1
        self.counts["requests"] += requests
        self.gauges["batch_requests"] = requests
        self.gauges["batch_requests_most"] = max(requests, self.gauges.get("batch_requests_most", 0))

    def note_commit(self, events: int) -> None:
        """Count a durable commit and its events."""
        self.counts["commits"] += 1
        self.counts["events"] += events

    def note_refusal(self, code: str) -> None:
        """Count an answer that refuses."""
        self.counts[f"refusal_{code}"] += 1

    @property
    def troubles(self) -> list[re.Alert]:
        """What troubles the server now, the most urgent first."""
        return sorted(self._open.values(), key=lambda alert: TROUBLES.index(alert.code))

    def trouble(self, code: str, since: dt.datetime | None, **facts: Fact) -> bool:
        """Tell of a trouble (its facts may be newer; its beginning stays); whether it is a new one."""
        assert code in TROUBLES, code
        # a page that reads a fact of another kind would drop the whole answer, every other trouble with it
        assert not any(isinstance(fact, bool) for fact in facts.values()), facts
        known = self._open.get(code)
        self._open[code] = re.Alert(code, known.since if known else since, facts)
        return known is None

    def well(self, code: str) -> bool:
        """Tell that a trouble is over; whether there was one."""
        assert code in TROUBLES, code
        return self._open.pop(code, None) is not None
