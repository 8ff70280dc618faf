"""How the played people behave: when they come, what for, how long they take, whether they stay: assumptions all."""

import random
from dataclasses import dataclass, field

from config.settings import HallFile, Service
from kiosk.flow import ORDINARY
from kiosk.route import Wish

_LOAD = 0.85
_PRIORITY_SHARE = 0.12
_ENGLISH_SHARE = 0.03
_NO_SHOW_SHARE = 0.05
_LEAVE_SHARE = 0.04
_RATING_SHARE = 0.6
_SPREAD = 0.45
_SCORES = {5: 55, 4: 27, 3: 9, 2: 5, 1: 4}


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

    def _capacity(self, service: Service) -> float:
        """How many tickets per minute the hall can take of a service when every counter shares its time evenly."""
        counters = [counter for counter in self.file.counters if service.id in counter.services]
        return sum(1 / len(counter.services) for counter in counters) / (service.minutes + 1)

    def seconds_to_next_citizen(self) -> float:
        """Real seconds until somebody comes in."""
        per_minute = sum(self._demand.values()) * _LOAD
        return self.chance.expovariate(per_minute) * 60 / self.speed

    def wish(self) -> Wish:
        """What somebody comes for."""
        service = self.chance.choices(list(self._demand), list(self._demand.values()))[0]
        others = [found.id for found in self.file.classes if found.id != ORDINARY]
        priority = bool(others) and self.chance.random() < _PRIORITY_SHARE
        language = "en" if self.chance.random() < _ENGLISH_SHARE else "vi"
        return Wish(service, self.chance.choice(others) if priority else ORDINARY, language)

    def walk_seconds(self) -> float:
        """Real seconds from the call to the counter."""
        return self.chance.uniform(15, 60) / self.speed

    def service_seconds(self, service_id: str) -> float:
        """Real seconds that a service takes."""
        mean = next(service.minutes for service in self.file.services if service.id == service_id)
        return mean * 60 * self.chance.lognormvariate(-(_SPREAD**2) / 2, _SPREAD) / self.speed

    def comes_not(self) -> bool:
        """Whether a called citizen does not come."""
        return self.chance.random() < _NO_SHOW_SHARE

    def leaves(self) -> bool:
        """Whether somebody gives the number back while waiting."""
        return self.chance.random() < _LEAVE_SHARE

    def rates(self) -> bool:
        """Whether somebody rates the service."""
        return self.chance.random() < _RATING_SHARE

    def score(self) -> int:
        """What somebody gives, 1 to 5."""
        return self.chance.choices(list(_SCORES), list(_SCORES.values()))[0]

    def reasons(self, score: int) -> list[str]:
        """The reasons somebody ticks with a low score."""
        known = [reason.id for reason in self.file.rating.reasons]
        return self.chance.sample(known, min(1, len(known))) if score <= 3 else []
