"""Rows in DuckDB, in memory or as Parquet files, ready to be asked: the only place that knows DuckDB."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import msgspec

from figures.directory import Directory
from figures.rows import TABLES, Rows
from protocol.errors import MotcuaError

_SETTINGS = {"threads": 2, "autoinstall_known_extensions": False, "autoload_known_extensions": False}
_OF_SERVICES = {"service": "VARCHAR", "agency": "VARCHAR", "target_seconds": "BIGINT", "only_field": "VARCHAR"}
_OF_PROCEDURES = {"procedure": "VARCHAR", "listed_field": "VARCHAR"}
_BY_SERVICE = ("visits", "stays", "votes", "reasons")
_BY_PROCEDURE = ("visits", "stays")


class TablesFault(MotcuaError):
    """Rows can't be read or written: a file is missing, broken, or the disk is full."""


class Tables:
    """The tables of rows, joined with the names of the hall; to be closed."""

    def __init__(self, directory: Directory, files: Mapping[str, Sequence[Path]] | None = None) -> None:
        """Stand on Parquet files by table, or on rows that are to be added; raises TablesFault."""
        self.directory = directory
        self._db = duckdb.connect(":memory:", config=dict(_SETTINGS))
        for table, columns in TABLES.items():
            self._lay(table, columns, (files or {}).get(table, ()))
        self._describe(directory)
        self._join()

    def _lay(self, table: str, columns: dict[str, str], files: Sequence[Path]) -> None:
        if files:
            listed = ", ".join(map(_text, files))
            self.run(f"CREATE VIEW {table} AS SELECT * FROM read_parquet([{listed}])")  # noqa: S608 - quoted
        else:
            self.run(f"CREATE TABLE {table} ({', '.join(f'{_quoted(name)} {kind}' for name, kind in columns.items())})")

    def _describe(self, directory: Directory) -> None:
        services = [
            {
                "service": service.service_id,
                "agency": service.agency_id,
                "target_seconds": service.target_minutes * 60,
                "only_field": directory.fields.get(service.service_id, ""),
            }
            for service in directory.hall.services
        ]
        procedures = [
            {"procedure": code, "listed_field": procedure.field} for code, procedure in directory.procedures.items()
        ]
        for name, columns, rows in (("services", _OF_SERVICES, services), ("procedures", _OF_PROCEDURES, procedures)):
            self.run(f"CREATE TABLE {name} AS {_unnested(columns)}", _encode(rows))

    def _join(self) -> None:
        """Views with each row's agency and target (`named_…`), and its field too (`fielded_…`): a join costs time."""
        named = "coalesce(agency, '') AS agency, target_seconds"
        field = "coalesce(nullif(listed_field, ''), only_field, '') AS field"
        by_service, by_procedure = "LEFT JOIN services USING (service)", "LEFT JOIN procedures USING (procedure)"
        for table in _BY_SERVICE:
            self.run(f"CREATE VIEW named_{table} AS SELECT {table}.*, {named} FROM {table} {by_service}")  # noqa: S608
        for table in _BY_PROCEDURE:
            joined = f"{table} {by_service} {by_procedure}"
            self.run(f"CREATE VIEW fielded_{table} AS SELECT {table}.*, {named}, {field} FROM {joined}")  # noqa: S608

    def add(self, rows: Rows) -> None:
        """Take in rows; only where no files are stood on."""
        for table, columns in TABLES.items():
            found: list[Any] = getattr(rows, table)
            if found:
                self.run(f"INSERT INTO {table} {_unnested(columns)}", _encode(found))

    def add_files(self, files: Mapping[str, Path], but: Iterable[str] = ()) -> None:
        """Take in the rows of Parquet files, without the service days (ISO) in `but`; raises TablesFault."""
        days = list(but)
        where = f"WHERE service_day NOT IN ({', '.join('?' * len(days))})" if days else ""
        for table, file in files.items():
            self.run(f"INSERT INTO {table} SELECT * FROM read_parquet({_text(file)}) {where}", *days)  # noqa: S608

    def write(self, files: Mapping[str, Path]) -> None:
        """Write each table to a Parquet file, in an order that tells nothing of who came first; raises TablesFault."""
        for table, file in files.items():
            self.run(f"COPY (SELECT * FROM {table} ORDER BY ALL) TO {_text(file)} (FORMAT parquet)")  # noqa: S608

    def run(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a statement gives; raises TablesFault."""
        try:
            return self._db.execute(sql, list(values)).fetchall()
        except duckdb.Error as fault:
            raise TablesFault(f"{type(fault).__name__}: {fault}") from fault

    def close(self) -> None:
        """Let go of the files and the memory."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _quoted(name: str) -> str:
    return f'"{name}"'


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _encode(rows: Any) -> str:
    return msgspec.json.encode(rows).decode()


def _unnested(columns: dict[str, str]) -> str:
    """A query whose one parameter is a JSON list of rows: many times as fast as one INSERT for each."""
    shape = json.dumps([columns]).replace("'", "''")
    return f"SELECT unnest(from_json(?, '{shape}'), recursive := true)"
