"""What the rows' ids stand for: the hall as it describes itself, and its procedures."""

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from config.texts import named, text
from figures.words import Dimension, Procedure
from protocol.replies import HallReply


class Directory(Struct, frozen=True, dict=True):
    """The hall's names; `fields` holds the official field of services that take one field only."""

    hall: HallReply
    procedures: dict[str, Procedure] = {}
    fields: dict[str, str] = {}

    def hall_name(self, language: str = "vi") -> str:
        """What the hall is called."""
        return named(language, self.hall.name, self.hall.name_en)

    def name(self, dimension: Dimension, key: str, language: str = "vi") -> str:
        """What people call a group; an id that the hall has no more stays as it is."""
        match dimension:
            case Dimension.DAY:
                return f"{key[8:10]}/{key[5:7]}/{key[:4]}"
            case Dimension.MONTH:
                return f"{key[5:7]}/{key[:4]}"
            case Dimension.WEEKDAY:
                return text(f"report.weekday_{key}", language)
            case Dimension.HOUR:
                return f"{int(key)}:00–{int(key) + 1}:00"
        if not key:
            return text("report.not_told", language)
        if dimension is Dimension.PROCEDURE:
            found = self.procedures.get(key)
            return f"{key} {found.name}" if found else key
        names = self._names.get(dimension, {})
        return named(language, *names[key]) if key in names else key

    def criterion(self, criterion_id: str, language: str = "vi") -> str:
        """What citizens are asked about."""
        criteria = self.hall.rating.criteria if self.hall.rating else []
        return next((named(language, c.name, c.name_en) for c in criteria if c.id == criterion_id), criterion_id)

    def reason(self, reason_id: str, language: str = "vi") -> str:
        """Why a citizen was not satisfied."""
        reasons = self.hall.rating_reasons
        return next((named(language, r.name, r.name_en) for r in reasons if r.id == reason_id), reason_id)

    def keys(self, dimension: Dimension) -> list[str]:
        """The groups that the hall has, in its own order; those of procedures, fields and time are what rows tell."""
        return list(self._names.get(dimension, {}))

    @cached_property
    def _names(self) -> Mapping[Dimension, dict[str, tuple[str, str]]]:
        hall = self.hall
        return {
            Dimension.SERVICE: {s.service_id: (s.name, s.name_en) for s in hall.services},
            Dimension.AGENCY: {a.id: (a.name, a.name_en) for a in hall.agencies},
            Dimension.COUNTER: {c.counter_id: (c.name, "") for c in hall.counters},
            Dimension.CLASS: {c.class_id: (c.name, c.name_en) for c in hall.classes},
            Dimension.OPERATOR: {o: (o, "") for o in hall.operator_ids}
            | {o.operator_id: (o.name, "") for o in hall.operators},
        }
