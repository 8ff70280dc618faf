"""The command line of the voice: `voice render` makes a set of clips, `voice check` looks at a recorded one."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from config.faults import SettingsError
from config.loading import load_hall
from config.settings import HallFile
from config.texts import FALLBACK, languages, text
from voice.calls import GONG
from voice.checking import Checked, ClipFault, check_gong, check_set
from voice.files import write_whole
from voice.gong import gong
from voice.rendering import render
from voice.speech import NoVoiceError
from voice.wanted import Needs, same_clip, wanted
from voice.wording import Wording, WordingError, shipped_languages, wording

DONE, FAILED, WRONG_INPUT = 0, 1, 2
_PROGRESS_CLIPS = 20


class WrongInput(Exception):
    """What was typed can't be used; one line for each fault."""


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name; the exit code."""
    options = _parser().parse_args(arguments)
    told = _told_in(options.language)
    try:
        hall = load_hall(options.hall, told, catalogue_needed=False) if options.hall else None
        needs = _needs(hall, options.counter, told)
        return (_render if options.command == "render" else _check)(options, hall, needs, told)
    except SettingsError as error:
        return _fail(WRONG_INPUT, (fault.line(told) for fault in error.faults))
    except (WrongInput, WordingError) as fault:
        return _fail(WRONG_INPUT, [str(fault)])
    except NoVoiceError as fault:
        return _fail(FAILED, [text("voice.not_spoken", told, reason=fault)])
    except OSError as fault:
        return _fail(FAILED, [f"{fault.filename or ''}: {fault.strerror or fault}"])
    except KeyboardInterrupt:
        return _fail(FAILED, [text("voice.stopped", told)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("motcua voice", description=text("voice.about"))
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("render", help=text("voice.about_render"), description=text("voice.about_render"))
    making.add_argument("--to", metavar="DIR", type=Path, required=True, help=text("voice.to_help"))
    looking = commands.add_parser("check", help=text("voice.about_check"), description=text("voice.about_check"))
    looking.add_argument("folder", metavar="DIR", type=Path, help=text("voice.folder_help"))
    for command in (making, looking):
        command.add_argument("--language", action="append", metavar="vi", help=text("voice.language_help"))
        command.add_argument("--hall", metavar="FILE", type=Path, help=text("voice.hall_help"))
        command.add_argument("--counter", action="append", default=[], metavar="NAME", help=text("voice.counter_help"))
    return parser


def _told_in(chosen: list[str] | None) -> str:
    """In which language to tell: Vietnamese, unless only another is asked for."""
    return chosen[0] if chosen and FALLBACK not in chosen and chosen[0] in languages() else FALLBACK


def _needs(hall: HallFile | None, counters: list[str], told: str) -> Needs:
    """What is to be said; raises WrongInput for counters that would be called by the same clip."""
    if hall is None:
        needs = Needs((*Needs().counters, *counters))
    else:
        letters = "".join(sorted({letter for queue in hall.queues for letter in queue.prefix}))
        needs = Needs((*(counter.name for counter in hall.counters), *counters), letters, hall.voice.letters)
    alike = [text("voice.same_clip", told, one=one, other=other) for one, other in same_clip(needs.counters)]
    if alike:
        raise WrongInput("\n".join(alike))
    return needs


def _fail(code: int, lines: Iterable[str]) -> int:
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return code


# ---- render -----------------------------------------------------------------------


def _render(options: argparse.Namespace, hall: HallFile | None, needs: Needs, told: str) -> int:
    """Make what is not there yet, for each language."""
    chosen = options.language or (hall.voice.languages if hall else shipped_languages())
    sets = {language: _wording(language, options.to, told) for language in chosen}
    for language, said in sets.items():
        _render_set(options.to / language, said, wanted(language, said, needs), told)
    if not (options.to / f"{GONG}.wav").exists():
        write_whole(options.to / f"{GONG}.wav", gong())
    return DONE


def _wording(language: str, folder: Path, told: str) -> Wording:
    said = wording(language, folder / language)
    if said is None:
        raise WrongInput(text("voice.no_language", told, code=language, languages=", ".join(shipped_languages())))
    return said


def _render_set(folder: Path, said: Wording, clips: dict[str, str], told: str) -> None:
    def progress(done: int, of: int) -> None:
        if done % _PROGRESS_CLIPS == 0:
            sys.stderr.write(text("voice.progress", told, done=done, of=of) + "\n")

    made = render(folder, said, clips, progress)
    sys.stdout.write(text("voice.rendered", told, folder=folder, made=len(made), kept=len(clips) - len(made)) + "\n")


# ---- check ------------------------------------------------------------------------


def _check(options: argparse.Namespace, hall: HallFile | None, needs: Needs, told: str) -> int:
    """Say every fault of every set at once."""
    chosen = options.language or (hall.voice.languages if hall else _languages_in(options.folder))
    if not chosen:
        raise WrongInput(text("voice.no_sets", told, folder=options.folder))
    checked = {language: check_set(options.folder / language, language, needs) for language in chosen}
    faults = [*check_gong(options.folder), *(fault for each in checked.values() for fault in each.faults)]
    if faults:
        lines = [_line(fault, told) for fault in faults]
        return _fail(WRONG_INPUT, [*lines, text("voice.faults", told, count=len(faults))])
    sys.stdout.writelines(_summary(options.folder / language, each, told) for language, each in checked.items())
    return DONE


def _languages_in(folder: Path) -> list[str]:
    return sorted({path.parent.name for path in folder.glob("*/*.wav") if len(path.parent.name) in (2, 3)})


def _line(fault: ClipFault, told: str) -> str:
    return f"{fault.path}: {text(f'voice.fault_{fault.code}', told, **fault.facts)}"


def _summary(folder: Path, checked: Checked, told: str) -> str:
    return text("voice.fine", told, folder=folder, clips=checked.clips, seconds=f"{checked.seconds:.1f}") + "\n"
