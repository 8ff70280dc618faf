"""What every display shows around its kind: header, bottom line, notices, the age of the data, emergencies."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout

from config import theme
from display.board import Board, Freshness
from display.calls import Call
from display.screens.edges import Footer, Header, StaleNotice
from display.screens.kind import Kind
from display.screens.kinds import kind_class
from display.screens.notices import Emergency, NoticePanel
from display.screens.parts import Message, swap
from display.surround import Surround, surround
from display.wording import both
from protocol.words import DisplayKind

if TYPE_CHECKING:
    from display.screens.media import MediaPanel

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

_HEADER, _HEADER_UPRIGHT = 150, 206
_FOOTER, _FOOTER_UPRIGHT = 106, 190
_NOTICE_SHARE, _NOTICE_SHARE_UPRIGHT = 0.34, 0.3


class Frame(BoxLayout):  # type: ignore[misc]
    """Shows a board; call `show` whenever it changed or time passed."""

    u = NumericProperty(1)
    upright = BooleanProperty(False)

    def __init__(self, media: Path = Path("media"), **values: Any) -> None:
        super().__init__(orientation="vertical", **values)
        self.header, self.footer, self.stale = Header(), Footer(), StaleNotice()
        self.message, self.notice, self.emergency = Message(loud=True), NoticePanel(), Emergency()
        self.body = BoxLayout()
        self._kinds: dict[DisplayKind, Kind] = {}
        self._folder = media
        self._media: MediaPanel | None = None
        self.kind: Kind | None = None
        """What stands in the middle, unless the data are lost."""
        self.bind(size=self._measure)
        self._measure()

    # ---- measures ----

    def _measure(self, *_: object) -> None:
        """Give every part its size for this picture."""
        self.u, self.upright = theme.unit(*self.size), self.height > self.width
        for part in (self.header, self.footer, self.stale, self.message, self.notice, self.emergency):
            part.u, part.upright = self.u, self.upright
        for kind in self._kinds.values():
            self._measure_kind(kind)
        for part, lying, upright in (
            (self.header, _HEADER, _HEADER_UPRIGHT),
            (self.footer, _FOOTER, _FOOTER_UPRIGHT),
            (self.stale, _FOOTER, _FOOTER_UPRIGHT),
        ):
            part.size_hint_y, part.height = None, (upright if self.upright else lying) * self.u
        self._measure_body()

    def _measure_kind(self, kind: Kind) -> None:
        kind.u, kind.upright, kind.picture_height = self.u, self.upright, self.height

    def _measure_body(self) -> None:
        margin = (theme.GAP if self.upright else theme.SPACE) * self.u
        self.body.orientation = "vertical" if self.upright else "horizontal"
        self.body.padding = [margin, theme.GAP * self.u, margin, theme.GAP * self.u]
        self.body.spacing = margin

    # ---- what is shown ----

    def show(self, board: Board, now: float) -> None:
        """Show what the board says at `now` (monotonic seconds)."""
        around = surround(board, now)
        if around.emergencies:
            self._end_kind()
            self.emergency.show(around, now)
            swap(self, self.emergency)
            return
        self.header.show(around)
        self.stale.said = list(around.age_words)
        if around.freshness is Freshness.LOST:
            self._show_lost(around, now)
        else:
            self._show_kind(board, around, now)
        swap(self, self.header, self.body, self.stale if around.freshness is Freshness.SAID else self.footer)

    @property
    def called(self) -> list[Call]:
        """The calls in the picture."""
        return self.kind.called if self.kind else []

    @property
    def troubles(self) -> list[str]:
        """What is wrong with what stands in the picture, as codes; from any thread."""
        media = self._media
        return media.troubles if media else []

    @property
    def moves(self) -> bool:
        """Whether something runs along, so that `move` is to be called often."""
        return bool(self.footer.parent) and self.footer.line.moves

    def move(self, now: float) -> None:
        """Let what runs along run on."""
        self.footer.line.move(now)

    def _show_kind(self, board: Board, around: Surround, now: float) -> None:
        """A notice stands beside the numbers; a kind without a place for it has it in the bottom line."""
        kind = self.kind = self._kind(board.info.kind)
        in_line = bool(around.notices) and not kind.has_aside
        self.footer.show(around, now, notices=in_line)
        if kind.has_aside:
            notice = self._notice_of(around, now)
            media = None if notice else self._media_of(board, now)
            kind.aside, kind.aside_fills = notice or media, media is None or media.texture is None
        swap(self.body, kind)
        kind.show(board, now)

    def _show_lost(self, around: Surround, now: float) -> None:
        """Nothing of a hall whose data are lost is shown as if it were true."""
        self._end_kind()
        self.footer.show(around, now)
        self.message.said = both("connecting" if around.connecting else "lost")
        self.message.more = both("lost_more")
        notice = self._notice_of(around, now)
        if notice:
            notice.size_hint = (1, _NOTICE_SHARE_UPRIGHT) if self.upright else (_NOTICE_SHARE, 1)
        swap(self.body, self.message, *([notice] if notice else []))

    def _notice_of(self, around: Surround, now: float) -> NoticePanel | None:
        """The supervisor's announcements, if there are any."""
        if not around.notices:
            return None
        self.notice.show(around.notices, now)
        return self.notice

    def _media_of(self, board: Board, now: float) -> "MediaPanel | None":
        """Pictures and films, if this display has a playlist."""
        if not board.playlist():
            return None
        if self._media is None:
            from display.screens.media import MediaPanel

            self._media = MediaPanel(self._folder)
        self._media.u, self._media.upright = self.u, self.upright
        self._media.show(board, now)
        return self._media

    def _end_kind(self) -> None:
        """Nothing of a kind is in the picture any more; a film stands still meanwhile."""
        if self.kind:
            self.kind.called = []
            self.kind = None
        if self._media and self._media.parent:
            self._media.parent.remove_widget(self._media)

    def _kind(self, wanted: DisplayKind) -> Kind:
        if wanted not in self._kinds:
            self._kinds[wanted] = kind_class(wanted)()
            self._measure_kind(self._kinds[wanted])
        return self._kinds[wanted]
