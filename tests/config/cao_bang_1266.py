"""Picks the 1,266 procedures of the Cao Bằng hall from an imported national list, as docs/halls.md says."""

from collections.abc import Iterable
from pathlib import Path

from config.settings import HallFile, Procedure

NATIONAL_LIST = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "procedures.csv"
"""Where the national list of 4,017 rows lies on a machine that has it; it is not part of the project."""

COUNT = 1266


def cao_bang_1266(procedures: Iterable[Procedure], hall: HallFile) -> list[Procedure]:
    """The first 1,266 procedures for the province, of agencies that the hall has or stands for.

    For the province: of provincial level, or of no given level. Order: the code read backwards, which mixes agencies.
    """
    agencies = {known for agency in hall.agencies for known in (agency.id, *agency.also)}
    local = (each for each in procedures if "tinh" in each.levels or not each.levels)
    chosen = (each for each in local if each.agency in agencies)
    return sorted(chosen, key=lambda each: each.code[::-1])[:COUNT]
