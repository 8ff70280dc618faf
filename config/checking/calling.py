"""The rule of the line and the counter's work: limits, head starts and counts that do not undo each other."""

from config.checking.references import Document, ids_of
from config.faults import ABSENT, Faults
from config.names import nearest
from config.settings import Calling, CounterWork, PriorityClass
from config.tables import Table, table, tables

ORDINARY = "ordinary"


def check_classes(document: Document, faults: Faults) -> None:
    """Note a hall without ordinary citizens, classes without a limit, and priority that its own limit undoes."""
    classes = tables(document, "classes", PriorityClass)
    if isinstance(document.get("classes"), list) and ORDINARY not in ids_of(document, "classes"):
        faults.add("classes", ABSENT, "ordinary", hint=nearest(ORDINARY, ids_of(document, "classes")))
    if not table(document, "calling", Calling).value("limits", bool):
        return
    for entry in classes:
        limit = entry.raw("limit_minutes")
        if limit is None or limit == 0:
            faults.add(entry.key_of("limit_minutes"), ABSENT if limit is None else limit, "limit_needed")
        elif entry.value("head_start_minutes", int):
            _check_limit(entry, "limit_minutes", document, faults)


def check_promises(document: Document, faults: Faults) -> None:
    """Note returns and appointments whose limit undoes their head start, and lateness that would pay."""
    calling, ordinary = table(document, "calling", Calling), _ordinary_limit(document)
    for name in ("returned_limit_minutes", "appointment_limit_minutes"):
        _check_limit(calling, name, document, faults)
    start, late = (calling.value(name, int) for name in ("appointment_minutes", "appointment_late_minutes"))
    if ordinary and start is not None and late and start + late > ordinary:
        key = calling.key_of("appointment_late_minutes")
        faults.add(key, late, "late_pays", together=start + late, ordinary=ordinary)


def check_priority_run(document: Document, faults: Faults) -> None:
    """Note a cap on priority calls in a hall that has no priority."""
    run = table(document, "calling", Calling).value("max_priority_run", int)
    classes = tables(document, "classes", PriorityClass)
    if run and classes and not any(entry.raw("head_start_minutes") for entry in classes):
        faults.add("calling.max_priority_run", run, "run_without_priority")


def check_counter_work(document: Document, faults: Faults) -> None:
    """Note no-shows that no counter could ever mark and tickets that none could ever finish."""
    work = table(document, "counter_work", CounterWork)
    calls = work.value("no_show_min_calls", int)
    recalls = table(document, "calling", Calling).value("max_recalls", int)
    if calls is not None and recalls is not None and calls > recalls + 1:
        faults.add(work.key_of("no_show_min_calls"), calls, "never_no_show", most=recalls + 1, recalls=recalls)
    if work.value("result_required", bool) and not work.raw("results"):
        faults.add(work.key_of("result_required"), True, "no_results")


def _ordinary_limit(document: Document) -> int | None:
    """The limit of ordinary citizens; None without limits."""
    if not table(document, "calling", Calling).value("limits", bool):
        return None
    ordinary = (entry for entry in tables(document, "classes", PriorityClass) if entry.raw("id") == ORDINARY)
    return next((entry.value("limit_minutes", int) for entry in ordinary), None)


def _check_limit(of: Table, name: str, document: Document, faults: Faults) -> None:
    limit, ordinary = of.value(name, int), _ordinary_limit(document)
    if limit and ordinary and limit > ordinary:
        faults.add(of.key_of(name), limit, "limit_above_ordinary", ordinary=ordinary)
