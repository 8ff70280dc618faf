"""Writes one frame of every message of this version: `python -m tests.protocol.record_frames FOLDER`.

Run it with the code of a version that halls use; later versions prove with the frames that they read them. All values
are made up from the messages' own types.
"""

import datetime as dt
import enum
import json
import sys
from pathlib import Path
from typing import Any, get_args

from msgspec import inspect

from protocol import codec
from protocol.commands import Command
from protocol.events import Event, EventBody
from protocol.replies import Pulse, Reply

AT = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
_REQUEST_ID = "0193525c1a2b9f00d1e2f3a4b5c6"


def sample(kind: inspect.Type, choice: int = 0) -> Any:
    """A value of a type, every field filled; of named values the one at `choice`: 0 the first, -1 the last."""
    match kind:
        case inspect.StructType():
            return kind.cls(**{field.name: sample(field.type, choice) for field in kind.fields})
        case inspect.UnionType():
            return sample(next(one for one in kind.types if not isinstance(one, inspect.NoneType)), choice)
        case inspect.EnumType():
            members: list[enum.Enum] = list(kind.cls)
            return members[choice]
        case inspect.LiteralType():
            return kind.values[choice]
        case inspect.ListType():
            return [sample(kind.item_type, choice)]
        case inspect.DictType():
            return {sample(kind.key_type, choice): sample(kind.value_type, choice)}
        case inspect.StrType():
            return ("x" * (kind.min_length or 1)) if kind.pattern is None else "1"
        case inspect.IntType():
            return max(kind.ge or 1, 1)
        case inspect.FloatType():
            return 1.5
        case inspect.BoolType():
            return True
        case inspect.DateTimeType():
            return AT
        case inspect.DateType():
            return AT.date()
    raise NotImplementedError(kind)


def _each(union: Any, choice: int) -> dict[str, Any]:
    """A filled message of every type of a union, by its name on the wire."""
    found = (sample(inspect.type_info(member), choice) for member in get_args(union))
    return {str(one.__struct_config__.tag): one for one in found}


def frames(choice: int = 0) -> dict[str, dict[str, bytes]]:
    """The frames of this version by kind and name; `choice` as for `sample`."""
    return {
        "commands": {name: codec.encode_request(_REQUEST_ID, one) for name, one in _each(Command, choice).items()},
        "replies": {name: codec.encode_answer(_REQUEST_ID, one) for name, one in _each(Reply, choice).items()},
        "events": {
            name: codec.encode(Event("epoch", 7, AT, "desk", one)) for name, one in _each(EventBody, choice).items()
        },
        "pulse": {"pulse": codec.encode(sample(inspect.type_info(Pulse), choice))},
    }


def main(folder: Path) -> None:
    """Write a file of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, by_name in frames().items():
        lines = ",\n".join(f"{json.dumps(name)}: {frame.decode()}" for name, frame in sorted(by_name.items()))
        (folder / f"{kind}.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
