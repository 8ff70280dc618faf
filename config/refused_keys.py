"""Keys that other queue systems have and a hall file must not: each is refused with its reason. Pure."""

import re

from msgspec import Struct

from config.settings import Calling, Counter, HallFile, PriorityClass, Queue, Service

_RATIO_WORDS = frozenset({"ratio", "interleave", "interleaved", "interleaving", "share", "proportion", "alternate"})
_RATIO_NAMES = re.compile(r"one_in|every_|t[iyỉỷ]_?l[eệ]|xen_?k[eẽ]")
_TABLES = (HallFile, Calling, PriorityClass, Queue, Service, Counter)
"""Where a person would write a ratio of classes."""


def refused_key(kind: type[Struct], name: str) -> str | None:
    """Which text of `[faults]` says why the table `kind` has no key `name` by design; None for any other key."""
    ratio = _RATIO_WORDS & set(re.split(r"[\W_]", name.lower())) or _RATIO_NAMES.match(name.lower())
    return "ratio" if ratio and kind in _TABLES else None
