"""How the played people behave: when they come, what for, how long they take, whether they stay: assumptions all."""

import random
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from config.settings import HallFile, Service
from config.texts import text
from kiosk.route import Wish
from kiosk.visit import ORDINARY
from protocol.words import Performed

_T = TypeVar("_T")
_LOAD = 0.85
_SPREAD = 0.45
_SCORES = {5: 55, 4: 27, 3: 9, 2: 5, 1: 4}
_RESULTS = {"received": 60, "result_handed_over": 15, "information_given": 15, "must_supplement": 5, "refused": 1}
"""How often each of the usual results comes; others that a hall has come now and then."""


class Share:
    """How often something happens when it could."""

    PRIORITY = 0.12
    ENGLISH = 0.03
    LEAVES = 0.04
    RATES = 0.6
    RATES_POINT = 0.3
    WRITES = 0.2
    NO_SHOW = 0.05
    COMES_LATE = 0.4
    SLOW = 0.08
    FALSE_CLAIM = 0.06
    SENT_TO_COUNTER = 0.4
    COMES_BACK_HERE = 0.4
    SECOND_SERVICE = 0.08
    NOTE = 0.04
    WRONG_TIMES = 0.01
    UNDOES = 0.02
    NEXT_FINISHES = 0.35
    PAUSE = 0.03
    WITHOUT_TICKET = 0.02
    BACK_OFFICE = 0.015


class Ending(Enum):
    """How a stay at a counter ends, and how often of a hundred."""

    FINISH = 88
    TRANSFER = 5
    PARK = 4
    COME_BACK = 3


@dataclass
class Pace:
    """One seeded chance for everybody; `speed` is how many seconds of the hall pass in one."""

    file: HallFile
    speed: float
    seed: int
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - a play, no secret
        self._demand = {service.id: self._capacity(service) for service in self.file.services}
        self._minutes = {service.id: service.minutes for service in self.file.services}

    def _capacity(self, service: Service) -> float:
        """How many tickets per minute the hall can take of a service when every counter shares its time evenly."""
        counters = [counter for counter in self.file.counters if service.id in counter.services]
        return sum(1 / len(counter.services) for counter in counters) / (service.minutes + 1)

    def happens(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.chance.random() < share

    def one_of(self, choices: list[_T]) -> _T:
        """One of several, all as likely."""
        return self.chance.choice(choices)

    def minutes(self, low: float, high: float) -> float:
        """Real seconds that some minutes of the hall take."""
        return self.chance.uniform(low, high) * 60 / self.speed

    def seconds(self, seconds: float) -> float:
        """Real seconds that seconds of the hall take."""
        return seconds / self.speed

    # ---- citizens ----

    def seconds_to_next_citizen(self) -> float:
        """Real seconds until somebody comes in."""
        per_minute = sum(self._demand.values()) * _LOAD
        return self.chance.expovariate(per_minute) * 60 / self.speed

    def wish(self) -> Wish:
        """What somebody comes for."""
        service = self.chance.choices(list(self._demand), list(self._demand.values()))[0]
        others = [found.id for found in self.file.classes if found.id != ORDINARY]
        priority = bool(others) and self.happens(Share.PRIORITY)
        language = "en" if self.happens(Share.ENGLISH) else "vi"
        return Wish(service, self.one_of(others) if priority else ORDINARY, language)

    def score(self) -> int:
        """What somebody gives, 1 to 5."""
        return self.chance.choices(list(_SCORES), list(_SCORES.values()))[0]

    def reasons(self, score: int) -> list[str]:
        """The reasons somebody ticks with a low score."""
        known = [reason.id for reason in self.file.rating.reasons]
        return self.chance.sample(known, min(1, len(known))) if score <= 3 else []

    # ---- staff ----

    def service_seconds(self, service_id: str) -> float:
        """Real seconds that a service takes."""
        mean = self._minutes[service_id]
        return mean * 60 * self.chance.lognormvariate(-(_SPREAD**2) / 2, _SPREAD) / self.speed

    def ending(self) -> Ending:
        """How a stay at a counter ends."""
        return self.chance.choices(list(Ending), [ending.value for ending in Ending])[0]

    def performed(self, service_id: str, others: list[str]) -> list[Performed]:
        """What was done in a visit: its service, sometimes for several dossiers, sometimes another one beside it."""
        quantity = self.chance.choices([1, 2, 3], [90, 7, 3])[0]
        done = [Performed(service_id, quantity, self._result())]
        if others and self.happens(Share.SECOND_SERVICE):
            done.append(Performed(self.one_of(others), 1, self._result()))
        return done

    def _result(self) -> str:
        known = [result.id for result in self.file.counter_work.results]
        return self.chance.choices(known, [_RESULTS.get(result, 2) for result in known])[0] if known else ""

    def pause_reason(self) -> str | None:
        """Why a counter pauses; None if the hall has no reason for it."""
        known = [reason.id for reason in self.file.counter_work.pause_reasons]
        return self.one_of(known) if known else None

    def criteria(self, score: int) -> dict[str, int]:
        """The points that somebody rates beside the whole, near the whole's score: form fields of the phone page."""
        rated = [one.id for one in self.file.rating.criteria if self.happens(Share.RATES_POINT)]
        return {f"criterion:{name}": min(5, max(1, score + self.chance.choice((-1, 0, 0, 1)))) for name in rated}

    def words(self, what: str) -> str:
        """What somebody writes: one of the demo's texts about it."""
        return text(f"demo.{what}_{self.chance.randint(1, 3)}")
