"""The hall as its file describes it, ready to be told to its devices."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from config.settings import WEEKDAYS, HallFile, Playlist, Voice
from protocol import replies as re
from queue_server.domain.ticket import Ticket

NO_USES: Mapping[str, int] = MappingProxyType({})


def service_uses(tickets: Iterable[Ticket]) -> Mapping[str, int]:
    """How many of these tickets were taken for each service."""
    return Counter(ticket.service_id for ticket in tickets)


def procedure_uses(tickets: Iterable[Ticket]) -> Mapping[str, int]:
    """How many of these tickets were taken for each procedure that is known."""
    return Counter(ticket.procedure_code for ticket in tickets if ticket.procedure_code)


def hall_reply(file: HallFile, catalogue_id: str = "", uses: Mapping[str, int] = NO_USES) -> re.HallReply:
    """The hall as its file describes it; `uses` counts by service how often a number was taken."""
    counters_of = {service.id: [c.id for c in file.counters if service.id in c.services] for service in file.services}
    return re.HallReply(
        hall_id=file.hall.id,
        name=file.hall.name,
        name_en=file.hall.name_en,
        address=file.hall.address,
        zone=file.hall.zone,
        public_url=file.network.public_url,
        hours={day: list(getattr(file.hours, day)) for day in WEEKDAYS},
        holidays=list(file.hours.holidays),
        special_days={special.date.isoformat(): list(special.spans) for special in file.hours.special},
        agencies=[re.NamedInfo(a.id, a.name, a.name_en) for a in file.agencies],
        services=[
            re.ServiceInfo(
                s.id,
                s.name,
                s.name_en,
                s.agency,
                s.queue,
                counters_of[s.id],
                s.target_minutes,
                s.asks_person,
                s.pictogram,
                uses.get(s.id, 0),
            )
            for s in file.services
        ],
        counters=[re.CounterInfo(c.id, c.name, list(c.services)) for c in file.counters],
        classes=[
            re.ClassInfo(c.id, c.name, c.name_en, c.sign, c.head_start_minutes, c.limit_minutes, c.proof, c.proof_en)
            for c in file.classes
        ],
        rating_reasons=[re.NamedInfo(r.id, r.name, r.name_en) for r in file.rating.reasons],
        operator_ids=[operator.id for operator in file.operators],
        operators=[re.OperatorInfo(o.id, o.name, o.role, o.counter, o.may_call_any) for o in file.operators],
        results=[re.NamedInfo(r.id, r.name, r.name_en) for r in file.counter_work.results],
        pause_reasons=[re.NamedInfo(r.id, r.name, r.name_en) for r in file.counter_work.pause_reasons],
        habits=_habits(file),
        purposes=[
            re.PurposeInfo(p.id, p.name, p.name_en, p.pictogram, list(p.services), p.by_code) for p in file.purposes
        ],
        kiosk=_kiosk_habits(file),
        queues=[re.QueueInfo(q.id, q.prefix, q.digits, q.first, q.last) for q in file.queues],
        catalogue_id=catalogue_id,
        displays=[
            re.DisplayInfo(d.id, d.kind, list(d.services), d.counter, d.speaks, d.playlist) for d in file.displays
        ],
        playlists=[_playlist(playlist) for playlist in file.playlists],
        wall=re.WallHabits(
            file.wall.minimum_seconds,
            file.wall.officers,
            file.wall.by_counter,
            list(file.wall.ticker),
            list(file.wall.ticker_en),
        ),
        voice=_voice_habits(file.voice),
        rating=re.RatingHabits(
            [re.NamedInfo(c.id, c.name, c.name_en) for c in file.rating.criteria],
            file.rating.tablet_seconds,
            file.rating.callbacks,
        ),
        from_home=re.HomeHabits(list(file.from_home.services), file.from_home.per_phone),
        status_page=file.network.status_page,
        standby_commands=file.standby.commands,
        standby_events=file.standby.events,
    )


def _playlist(playlist: Playlist) -> re.PlaylistInfo:
    return re.PlaylistInfo(
        playlist.id, [re.MediaInfo(item.file, item.seconds, list(item.spans)) for item in playlist.items]
    )


def _voice_habits(voice: Voice) -> re.VoiceHabits:
    return re.VoiceHabits(
        list(voice.languages),
        voice.repeats,
        voice.gong,
        voice.deadline_seconds,
        voice.recall_gap_seconds,
        [re.VoiceLevel(level.span, level.percent) for level in voice.levels],
        dict(voice.letters),
    )


def _habits(file: HallFile) -> re.CounterHabits:
    work = file.counter_work
    return re.CounterHabits(
        max_recalls=file.calling.max_recalls,
        recall_gap_seconds=work.recall_gap_seconds,
        no_show_min_calls=work.no_show_min_calls,
        no_show_min_seconds=work.no_show_min_seconds,
        undo_seconds=work.undo_seconds,
        lease_seconds=work.lease_seconds,
        next_finishes=work.next_finishes,
        result_required=work.result_required,
        come_back_hours=work.come_back_hours,
    )


def _kiosk_habits(file: HallFile) -> re.KioskHabits:
    return re.KioskHabits(
        languages=list(file.kiosk.languages),
        ask_above=file.kiosk.ask_above,
        issue_before_minutes=file.hours.issue_before_minutes,
        last_number_minutes=file.hours.last_number_minutes,
        appointment_early_minutes=file.calling.appointment_early_minutes,
        appointment_late_minutes=file.calling.appointment_late_minutes,
        block_size=file.kiosk.block_size,
    )
