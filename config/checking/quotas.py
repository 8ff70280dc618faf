"""Quotas of services: in order, within the hours in which numbers are given, and no more than the day gives."""

from config.checking.hours import check_spans, minutes_of, spans_with_numbers
from config.checking.references import Document
from config.faults import Faults
from config.settings import Queue, Service
from config.tables import Table, tables


def check_quotas(document: Document, faults: Faults) -> None:
    """Note quotas that overlap, that no number can ever fall under, and that exceed the day's."""
    giving = spans_with_numbers(document)
    for service in tables(document, "services", Service):
        spans = [
            (quota.key_of("span"), span) for quota in service.tables("quotas") if (span := quota.value("span", str))
        ]
        check_spans(spans, faults)
        for key, span in spans:
            start, end = minutes_of(span)
            if giving and not any(start < closing and opening < end for opening, closing in giving):
                faults.add(key, span, "quota_outside")
        _check_sum(service, faults)
        _check_series(service, document, faults)


def _check_sum(service: Table, faults: Faults) -> None:
    day = service.value("day_quota", int)
    together = sum(quota.value("count", int) or 0 for quota in service.tables("quotas"))
    if day is not None and together > day:
        faults.add(service.key_of("day_quota"), day, "quota_sum", together=together)


def _check_series(service: Table, document: Document, faults: Faults) -> None:
    day = service.value("day_quota", int)
    for queue in tables(document, "queues", Queue):
        first, last = queue.value("first", int), queue.value("last", int)
        if day is None or first is None or last is None or queue.raw("id") != service.raw("queue"):
            continue
        if day > (numbers := last - first + 1) > 0:
            faults.add(service.key_of("day_quota"), day, "quota_over_series", queue=queue.key, numbers=numbers)
