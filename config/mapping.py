"""Which service of a hall takes a procedure: by its code, else by its agency and field. Pure."""

from collections.abc import Iterable

from config.names import folded
from config.settings import EVERY_FIELD, HallFile, Procedure, Service

_NATIONAL = len("1.001193")
"""What a province adds to a national code comes after so many letters."""


class Mapping:
    """The services of one hall, by what they take; names are compared without accents and case."""

    def __init__(self, hall: HallFile) -> None:
        self._also = {agency.id: agency.also for agency in hall.agencies}
        self._by_code: dict[str, Service] = {}
        self._own: dict[tuple[str, str], Service] = {}
        self._adopted: dict[tuple[str, str], Service] = {}
        self._by_field: dict[str, list[Service]] = {}
        for service in hall.services:
            self._enter(service)

    def _enter(self, service: Service) -> None:
        for code in service.procedures:
            self._by_code.setdefault(code, service)
        for field in map(folded, service.fields):
            self._by_field.setdefault(field, []).append(service)
            self._own.setdefault((service.agency, field), service)
            for agency in self._also.get(service.agency, []):
                self._adopted.setdefault((agency, field), service)

    def service_of(self, procedure: Procedure) -> Service | None:
        """The service that takes `procedure`; None if no service does.

        The order: its code; its field at its own agency; its field at an agency that is also known as its own;
        any field (`*`) in the same order. A procedure without an agency goes by its field if just one service has it.
        """
        for code in (procedure.code, procedure.code[:_NATIONAL]):
            if code in self._by_code:
                return self._by_code[code]
        field = folded(procedure.field)
        if not procedure.agency:
            services = self._by_field.get(field, [])
            return services[0] if len(services) == 1 else None
        for name in (field, EVERY_FIELD):
            for table in (self._own, self._adopted):
                if service := table.get((procedure.agency, name)):
                    return service
        return None

    def services_of(self, procedures: Iterable[Procedure]) -> dict[str, str]:
        """The service id of every procedure that has one, by procedure code."""
        found = {procedure.code: self.service_of(procedure) for procedure in procedures}
        return {code: service.id for code, service in found.items() if service is not None}

    def unmapped(self, procedures: Iterable[Procedure]) -> list[Procedure]:
        """The procedures that no service takes, in their order."""
        return [procedure for procedure in procedures if self.service_of(procedure) is None]
