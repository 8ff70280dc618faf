"""The units and scripts that start a hall: systemd accepts them, they name what is there, exit codes get through."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from config.commands import check
from kiosk.staff_work import CLOSE_EXIT, RESTART_EXIT
from queue_server.app import TAKEN_OVER
from queue_server.endpoint import PULSE_SECONDS
from tests.running import ROOT, eventually

FOLDER = ROOT / "config" / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))
PROGRAM_UNITS = [path for path in UNITS if "backup" not in path.name]
INSTALLED = "/opt/motcua"
ROLES = ["server", "kiosk", "display", "counter"]
WRONG_INPUT = 2
SCREENS = {"motcua-kiosk.service", "motcua-display.service"}
SCREEN_SECONDS = 1.0
BEAT_SECONDS = {
    "motcua-server.service": PULSE_SECONDS,
    "motcua-kiosk.service": SCREEN_SECONDS,
    "motcua-display.service": SCREEN_SECONDS,
    "motcua-counter@.service": SCREEN_SECONDS,
}
"""How often each program's loop tells that it lives, at the latest."""


def settings(unit: Path) -> dict[str, list[str]]:
    """The keys of a unit with all their values, whatever their section."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#;[":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


# ---- the units ----------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_accepts_every_unit(tmp_path: Path) -> None:
    for path in [*UNITS, *FOLDER.glob("*.timer")]:
        written = path.read_text(encoding="utf-8").replace(INSTALLED, str(ROOT))
        (tmp_path / path.name).write_text(written, encoding="utf-8")
    units = sorted(map(str, tmp_path.iterdir()))
    verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    told = [line for line in verified.stderr.splitlines() if str(tmp_path) in line or "motcua" in line]
    assert told == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_there_is(unit: Path) -> None:
    [start] = settings(unit)["ExecStart"]
    script, command = re.findall(rf"{INSTALLED}(\S*) (\w+)", start)[0]
    assert os.access(ROOT / script.lstrip("/"), os.X_OK)
    assert f"./motcua {command} " in (ROOT / "motcua").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", PROGRAM_UNITS, ids=lambda path: path.name)
def test_a_program_comes_back_by_itself_and_is_nobody_s_root(unit: Path) -> None:
    keys = settings(unit)
    assert keys["Restart"] == ["always"]
    assert keys["StartLimitIntervalSec"] == ["0"], "systemd must not give up"
    assert keys["User"] == ["motcua"]
    assert keys["NoNewPrivileges"] == ["yes"]
    assert keys["RestartSec"] == ["500ms"], "a hall waits a second at most"


@pytest.mark.parametrize("unit", PROGRAM_UNITS, ids=lambda path: path.name)
def test_a_program_that_hangs_is_ended_and_one_that_takes_all_is_stopped(unit: Path) -> None:
    keys = settings(unit)
    on_screen = unit.name in SCREENS
    assert keys["Type"] == ["notify"]
    assert keys["NotifyAccess"] == ["all" if on_screen else "main"], "X and a script stand between"
    assert int(keys["WatchdogSec"][0]) >= 5 * BEAT_SECONDS[unit.name]
    assert {"MemoryMax", "TasksMax", "LogRateLimitBurst"} <= set(keys)


MOST_EXPOSED = {"server": 1.4, "counter@": 2.1, "kiosk": 2.6, "display": 2.6, "backup": 0.5}
"""What `systemd-analyze security` gives each unit, of 10: docs/operations.md tells the same."""


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_is_no_more_exposed_than_is_told(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--no-pager", "--offline=true", str(unit)]
    told = subprocess.run(command, capture_output=True, text=True)
    [found] = re.findall(r"exposure level for \S+: ([\d.]+)", told.stdout)
    limit = MOST_EXPOSED[unit.stem.removeprefix("motcua-")]
    assert float(found) <= limit
    assert f"{limit:g}" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", PROGRAM_UNITS, ids=lambda path: path.name)
def test_wrong_input_and_a_lost_hall_are_not_tried_again_and_what_staff_closed_stays_closed(unit: Path) -> None:
    stays = set(settings(unit)["RestartPreventExitStatus"][0].split())
    ended = {"motcua-kiosk": {str(CLOSE_EXIT)}, "motcua-server": {str(TAKEN_OVER)}}.get(unit.stem, set())
    assert stays == {str(WRONG_INPUT)} | ended
    assert str(RESTART_EXIT) not in stays


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_a_screen_may_use_its_devices(name: str) -> None:
    """Each of these would hide graphics card, printer or scanner."""
    assert not {"PrivateDevices", "DevicePolicy", "DeviceAllow", "ProtectClock"} & set(settings(FOLDER / name))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_what_a_unit_is_told_by_its_settings_stands_in_the_shipped_ones(unit: Path) -> None:
    keys = settings(unit)
    [named] = keys["EnvironmentFile"]
    shipped = FOLDER / Path(named.replace("-%i", "")).name
    known = re.findall(r"^#?(\w+)=", shipped.read_text(encoding="utf-8"), re.MULTILINE)
    asked = re.findall(r"\$\{?(\w+)", " ".join(keys["ExecStart"]))
    assert set(asked) - {"date"} <= set(known)


def test_udev_rules_are_written_as_udev_reads_them() -> None:
    lines = (FOLDER / "70-motcua.rules").read_text(encoding="utf-8").splitlines()
    rules = [line.lstrip("#") for line in lines if re.match(r"#?SUBSYSTEM", line)]
    part = r'[A-Z_]+(\{\w+\})?(==|!=|=|\+=)"[^"]*"'
    assert len(rules) > 5
    for rule in rules:
        assert re.fullmatch(rf"{part}(, {part})*", rule), rule


# ---- install ------------------------------------------------------------------------


def install(root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"ROOT": str(root)}
    return subprocess.run([str(FOLDER / "install"), *words], capture_output=True, text=True, env=environment)


def files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_installed_with_all_that_it_needs(tmp_path: Path, role: str) -> None:
    done = install(tmp_path, role)
    assert (done.returncode, done.stderr) == (0, "")
    found = files(tmp_path)
    unit = f"etc/systemd/system/motcua-{role}{'@' if role == 'counter' else ''}.service"
    assert unit in found
    named = settings(tmp_path / unit)["EnvironmentFile"][0].replace("%i", "hall").lstrip("/")
    assert {named, "etc/systemd/journald.conf.d/motcua.conf"} <= found
    assert f"/{unit}" in done.stdout


def test_every_shipped_file_is_installed_by_some_role(tmp_path: Path) -> None:
    told = (FOLDER / "install").read_text(encoding="utf-8")
    for path in FOLDER.rglob("*"):
        name = str(path.relative_to(FOLDER))
        generic = re.sub(r"(kiosk|display)(\.env|\.service)$", r"$role\2", name)
        if path.is_file() and name not in ("install", "screen"):
            assert name in told or generic in told, name


def test_what_a_person_changed_stays_and_units_are_replaced(tmp_path: Path) -> None:
    install(tmp_path, "kiosk")
    changed = [tmp_path / "etc/motcua/kiosk.env", tmp_path / "etc/udev/rules.d/70-motcua.rules"]
    unit = tmp_path / "etc/systemd/system/motcua-kiosk.service"
    for path in [*changed, unit]:
        path.write_text("# mine\n")
    assert "stays as it is" in install(tmp_path, "kiosk").stdout
    assert [path.read_text() for path in changed] == ["# mine\n", "# mine\n"]
    assert unit.read_text() != "# mine\n"


def test_each_line_of_keypads_has_settings_of_its_own(tmp_path: Path) -> None:
    install(tmp_path, "counter", "tang-1")
    assert "etc/motcua/counter-tang-1.env" in files(tmp_path)


@pytest.mark.parametrize("words", [[], ["all"], ["kiosk", "../x"], ["counter", ""], ["kiosk", "a", "b"]])
def test_what_can_not_be_meant_is_refused_and_nothing_is_written(tmp_path: Path, words: list[str]) -> None:
    refused = install(tmp_path, *words)
    assert refused.returncode == WRONG_INPUT
    assert "expected" in refused.stderr
    assert files(tmp_path) == set()


# ---- screen ------------------------------------------------------------------------

FAKE_XINIT = """#!/bin/sh
# runs the client, as xinit does, without any X; its own exit code says nothing about the client's
client=
while [ "$1" != -- ]; do client="$client $1"; shift; done
echo "server $*" >>"$CALLS"
$client
exit 0
"""
FAKE_X_TOOL = """#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
[ "$*" != --query ] || printf 'Screen 0\\nHDMI-1 disconnected\\nDP-2 connected primary 1920x1080\\n'
"""
PROGRAM = """#!/bin/sh
echo "program $*" >>"$CALLS"
case $1 in
code) exit "$2" ;;
stays)
    trap 'echo told >>"$CALLS"; exit 0' TERM
    echo ready >>"$CALLS"
    while :; do sleep 0.05; done
    ;;
esac
"""


class Screen:
    """The script in a tree of its own, with commands that write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.calls_file = folder / "calls"
        script = folder / "config" / "systemd" / "screen"
        commands = {"xinit": FAKE_XINIT, "xset": FAKE_X_TOOL, "xrandr": FAKE_X_TOOL}
        for path, content in {
            script: (FOLDER / "screen").read_text(encoding="utf-8"),
            folder / "motcua": PROGRAM,
            **{folder / "bin" / name: content for name, content in commands.items()},
        }.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            path.chmod(0o755)
        (folder / "run").mkdir()
        self._command = [str(script)]
        self._environment = os.environ | {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "CALLS": str(self.calls_file),
            "RUNTIME_DIRECTORY": str(folder / "run"),
        }

    def start(self, *words: str, **environment: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*self._command, *words], env=self._environment | environment)

    def run(self, *words: str, **environment: str) -> int:
        return self.start(*words, **environment).wait(timeout=20)

    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines() if self.calls_file.exists() else []


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    return Screen(tmp_path)


@pytest.mark.parametrize("code", [0, 1, WRONG_INPUT, CLOSE_EXIT])
def test_the_program_s_exit_code_is_the_screen_s(screen: Screen, code: int) -> None:
    assert screen.run("code", str(code)) == code


def test_x_that_does_not_start_is_a_fault_also_after_a_good_run(screen: Screen, tmp_path: Path) -> None:
    assert screen.run("code", "0") == 0
    (tmp_path / "bin" / "xinit").write_text("#!/bin/sh\nexit 0\n")
    assert screen.run("code", "0") == 1


def test_the_screen_never_blanks_has_no_cursor_and_listens_to_no_network(screen: Screen) -> None:
    screen.run("code", "0")
    server, *others = screen.calls()
    assert {"-nocursor", "-nolisten", "tcp"} <= set(server.split())
    assert others == ["xset s off s noblank -dpms", "program code 0"]


def test_a_screen_that_stands_upright_is_turned(screen: Screen) -> None:
    screen.run("code", "0", SCREEN_ROTATE="left", SCREEN_MODE="1920x1080")
    assert "xrandr --output DP-2 --mode 1920x1080 --rotate left" in screen.calls()
    screen.run("code", "0", SCREEN_ROTATE="right", SCREEN_OUTPUT="HDMI-1")
    assert "xrandr --output HDMI-1 --rotate right" in screen.calls()


def test_the_program_is_told_to_end_and_waited_for(screen: Screen) -> None:
    running = screen.start("stays")
    pid_file = screen.calls_file.parent / "run" / "program.pid"
    eventually(lambda: "ready" in screen.calls() and pid_file.exists() and pid_file.read_text())
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=20) == 0
    assert screen.calls()[-1] == "told"


@pytest.mark.skipif(not (shutil.which("xinit") and shutil.which("Xvfb")), reason="needs xinit and Xvfb")
def test_under_a_real_x_server_the_exit_code_gets_through(screen: Screen, tmp_path: Path) -> None:
    for name in ("xinit", "xset", "xrandr"):
        (tmp_path / "bin" / name).unlink()
    number = 100 + os.getpid() % 500
    server = f"{shutil.which('Xvfb')} :{number} -screen 0 320x240x24"
    assert screen.run("code", "3", SCREEN_SERVER=server) == CLOSE_EXIT


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs shellcheck")
@pytest.mark.parametrize("name", ["install", "screen"])
def test_the_scripts_are_sound(name: str) -> None:
    checked = subprocess.run(["shellcheck", str(FOLDER / name)], capture_output=True, text=True)
    assert checked.stdout == ""


# ---- what the clerk reads -----------------------------------------------------------


def test_operations_name_units_files_and_headers_that_there_are(tmp_path: Path) -> None:
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for role in ROLES:
        install(tmp_path, role)
    installed = {f"/{path}" for path in files(tmp_path)} | {"/etc/motcua/hall.toml", "/etc/network/interfaces"}
    named = set(re.findall(r"/etc/[\w./@-]+\w", told))
    assert {path for path in named if Path(path).suffix} - installed == {"/etc/motcua/counter-tang-2.env"}
    units = {path.stem.removesuffix("@") for path in [*UNITS, *FOLDER.glob("*.timer")]}
    assert set(re.findall(r"\bmotcua-(?:server|kiosk|display|counter|backup)\b", told)) <= units
    for name in re.findall(r"`(\w[\w-]+\.(?:conf|rules|d/[\w-]+\.conf))`", told):
        assert any(path.endswith(name) for path in installed), name


def test_the_commands_that_make_a_hall_file_make_one_that_passes_the_check(tmp_path: Path) -> None:
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    part = told[told.index("1. Write the hall file") : told.index("2. Let it start with the PC")]
    commands = [line for line in re.findall(r"^ +# (.*)$", part, re.MULTILINE) if not line.startswith("nano ")]
    assert commands[-1] == "/opt/motcua/motcua check /etc/motcua/hall.toml"
    script = "\n".join(commands[:-1]).replace(INSTALLED, str(ROOT)).replace("/etc/motcua", str(tmp_path / "etc"))
    subprocess.run(["sh", "-ec", script], check=True)
    assert check(tmp_path / "etc" / "hall.toml") == 0
