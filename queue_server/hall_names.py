"""What the ids of reports stand for: the hall as its database describes it, with what its file knows beyond."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from config.loading import catalogue_path, load_catalogue, load_hall
from config.settings import EVERY_FIELD, HallFile
from figures.directory import Directory
from figures.words import Procedure
from protocol.replies import HallReply
from queue_server.hall_view import hall_reply


def directory_of(description: bytes, hall_path: Path | None = None) -> Directory:
    """The hall's names; only its file knows procedures, fields and staff. Raises SettingsError for a faulty file."""
    hall = msgspec.json.decode(description, type=HallReply)
    if hall_path is None:
        return Directory(hall)
    file = load_hall(hall_path)
    return Directory(
        replace(hall, operators=hall_reply(file).operators), _procedures(hall_path, file), _only_fields(file)
    )


def _procedures(hall_path: Path, file: HallFile) -> dict[str, Procedure]:
    path = catalogue_path(hall_path, file)
    listed = load_catalogue(path).procedures if path else []
    return {procedure.code: Procedure(procedure.name, procedure.field) for procedure in listed}


def _only_fields(file: HallFile) -> dict[str, str]:
    """The field of each service that takes one field and no single procedures beside."""
    fields = {s.id: s.fields[0] for s in file.services if len(s.fields) == 1 and not s.procedures}
    return {service_id: field for service_id, field in fields.items() if field != EVERY_FIELD}
