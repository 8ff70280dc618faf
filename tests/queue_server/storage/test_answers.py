"""Every remembered answer is found again, in whatever order the requests' ids came."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.storage.base import Batch, StoredAnswer
from queue_server.storage.sqlite import SqliteStorage

IDS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6), unique=True)


@settings(max_examples=15)
@given(ids=IDS, strangers=IDS)
def test_an_answer_is_found_before_and_after_a_start_and_no_other_is(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str], strangers: list[str]
) -> None:
    path: Path = tmp_path_factory.mktemp("answers") / "hall.db"
    storage = SqliteStorage(path)
    for request_id in ids:
        storage.commit(Batch(answers=[StoredAnswer(request_id, b"f", request_id.encode())]))
    for _ in range(2):
        for request_id in ids:
            found = storage.answer(request_id)
            assert found is not None
            assert found.reply == request_id.encode()
        assert all(storage.answer(stranger) is None for stranger in set(strangers) - set(ids))
        storage.close()
        storage = SqliteStorage(path)
    storage.close()
