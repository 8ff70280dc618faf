"""Work that dies at its n-th touch of the disk, as by a SIGKILL: every write, sync, cut, rename and removal counts."""

import os
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import apsw

_KILLED = 9


class _Deaths:
    def __init__(self, at: int) -> None:
        self._left = at

    def touch(self) -> None:
        """Die if this is the touch."""
        self._left -= 1
        if self._left <= 0:
            os._exit(_KILLED)

    def counted(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, which counts as a touch."""

        def counting(*arguments: Any, **named: Any) -> Any:
            self.touch()
            return work(*arguments, **named)

        return counting


class _File(apsw.VFSFile):
    def __init__(self, deaths: _Deaths, name: Any, flags: Any) -> None:
        super().__init__("unix", name, flags)
        self._deaths = deaths

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._deaths.touch()
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._deaths.touch()
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._deaths.touch()
        super().xSync(flags)


class _Disk(apsw.VFS):
    def __init__(self, deaths: _Deaths) -> None:
        super().__init__("dying", "unix", makedefault=True)
        self._deaths = deaths

    def xOpen(self, name: Any, flags: Any) -> _File:  # noqa: N802
        return _File(self._deaths, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._deaths.touch()
        super().xDelete(filename, syncdir)


def dies(at: int, work: Callable[[], object]) -> bool:
    """Do some work in a process of its own that dies at its `at`-th touch of the disk; False: it ended before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child uses none of the threads
        child = os.fork()
    if child == 0:
        _work_and_die(at, work)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, _KILLED), "the work itself failed"
    return code == _KILLED


def _work_and_die(at: int, work: Callable[[], object]) -> None:
    code = 1
    try:
        deaths = _Deaths(at)
        disk = _Disk(deaths)
        # a file of our own can't share its log's memory with others: whoever opens it has it alone
        apsw.connection_hooks.append(lambda db: db.pragma("locking_mode", "exclusive") and None)
        for name in ("fsync", "rename", "replace", "unlink"):
            setattr(os, name, deaths.counted(getattr(os, name)))
        work()
        code = 0
        del disk
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)
