"""Sign-ins begin with a name of chance and end for good."""

import stat
from pathlib import Path

import pytest

from web.sign_ins import LONGEST_SECONDS, SignIns

WHO = {"operator_id": "012", "counter_id": "q1"}


def test_a_sign_in_holds_until_it_is_ended_and_copies_end_with_it(tmp_path: Path) -> None:
    kept = SignIns(tmp_path / "ended.json")
    session: dict[str, object] = {}
    kept.begin(session, WHO)
    copy = dict(session)
    assert kept.hold(session)
    kept.end(session)
    assert session == {}
    assert not kept.hold(copy)
    assert not kept.hold(session)


def test_each_sign_in_is_another_and_ends_the_one_before(tmp_path: Path) -> None:
    kept = SignIns(tmp_path / "ended.json")
    session: dict[str, object] = {"planted": "by somebody"}
    kept.begin(session, WHO)
    first = dict(session)
    kept.begin(session, WHO)
    assert session != first
    assert "planted" not in session
    assert kept.hold(session)
    assert not kept.hold(first)


def test_a_restart_signs_nobody_out_and_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ended.json"
    kept = SignIns(path)
    stays: dict[str, object] = {}
    goes: dict[str, object] = {}
    kept.begin(stays, WHO)
    kept.begin(goes, WHO)
    copy = dict(goes)
    kept.end(goes)
    assert SignIns(path).hold(stays)
    assert not SignIns(path).hold(copy)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_no_cookie_can_hold_any_more_is_forgotten(tmp_path: Path) -> None:
    now = [0.0]
    kept = SignIns(tmp_path / "ended.json", clock=lambda: now[0])
    for _ in range(3):
        session: dict[str, object] = {}
        kept.begin(session, WHO)
        kept.end(session)
    now[0] = LONGEST_SECONDS + 1
    kept.begin(session, WHO)
    kept.end(session)
    assert (tmp_path / "ended.json").read_text().count(":") == 1


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"x": "y"}'])
def test_a_broken_file_is_told_and_keeps_nobody_out(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "ended.json"
    path.write_bytes(content)
    session: dict[str, object] = {}
    kept = SignIns(path)
    kept.begin(session, WHO)
    assert kept.hold(session)
    assert "is not known any more" in caplog.text


def test_a_session_without_a_name_is_none(tmp_path: Path) -> None:
    assert not SignIns(tmp_path / "ended.json").hold(dict(WHO))
