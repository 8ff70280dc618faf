"""Who is woken by what: own events at once, those of others when it is calm, nothing is queued."""

import asyncio
import datetime as dt

from protocol.events import Event, EventBody, NoShowMarked, TicketPrinted
from tests.web.sample import snapshot
from web.feed import Feed

LONG = 3600.0


def event(body: EventBody) -> Event:
    return Event("e", 1, dt.datetime(2026, 3, 2, tzinfo=dt.UTC), "desk", body)


def called_off(ticket_id: int, counter_id: str = "q1") -> Event:
    return event(NoShowMarked(ticket_id, "A001", "ho-tich", counter_id))


async def attached() -> Feed:
    feed = Feed()
    feed.attach(asyncio.get_running_loop())
    return feed


def test_an_own_event_wakes_at_once_and_many_are_one() -> None:
    async def scenario() -> None:
        feed = await attached()
        with feed.watch("ticket", 7) as watch:
            for _ in range(1000):
                feed.on_event(called_off(7))
            assert await watch.changed(calm=LONG, patience=LONG)
            assert not await watch.changed(calm=0, patience=0)

    asyncio.run(scenario())


def test_the_events_of_others_wait_until_it_is_calm() -> None:
    async def scenario() -> None:
        feed = await attached()
        with feed.watch("ticket", 7) as watch, feed.watch("counter", "q1") as counter:
            feed.on_event(called_off(8))
            assert await counter.changed(calm=LONG, patience=LONG)
            waiting = asyncio.create_task(watch.changed(calm=LONG, patience=LONG))
            await asyncio.sleep(0)
            assert not waiting.done()
            waiting.cancel()
            assert await watch.changed(calm=0, patience=LONG)

    asyncio.run(scenario())


def test_pages_that_others_made_old_look_one_after_the_other_and_an_own_event_goes_before() -> None:
    async def scenario() -> list[str]:
        feed = await attached()
        looked: list[str] = []

        async def look(name: str, ticket_id: int) -> None:
            with feed.watch("ticket", ticket_id) as watch:
                assert await watch.changed(calm=0, patience=LONG)
                looked.append(name)

        pages = [asyncio.create_task(look(f"other {number}", number)) for number in range(1, 11)]
        pages.append(asyncio.create_task(look("own", 99)))
        while feed.open_pages("ticket") < 11:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        feed.on_event(called_off(99))
        await asyncio.gather(*pages)
        return looked

    looked = asyncio.run(scenario())
    assert looked.index("own") <= 1
    assert [name for name in looked if name != "own"] == [f"other {number}" for number in range(1, 11)]


def test_a_page_that_nothing_happened_to_is_told_so_when_its_patience_ends() -> None:
    async def scenario() -> None:
        feed = await attached()
        with feed.watch("ticket", 7) as watch:
            assert not await watch.changed(calm=0, patience=0.01)
            feed.on_event(called_off(8))
            assert await watch.changed(calm=0, patience=LONG)

    asyncio.run(scenario())


def test_paper_wakes_nobody() -> None:
    async def scenario() -> None:
        feed = await attached()
        with feed.watch("ticket", 7) as watch:
            feed.on_event(event(TicketPrinted(7)))
            await asyncio.sleep(0)
            assert not await watch.changed(calm=0, patience=0)

    asyncio.run(scenario())


def test_a_new_snapshot_wakes_everybody_and_makes_the_names_old() -> None:
    async def scenario() -> None:
        feed = await attached()
        generation = feed.generation
        with feed.watch("ticket", 7) as watch, feed.watch("counter", "q2") as counter:
            feed.on_snapshot(snapshot())
            assert await watch.changed(calm=LONG, patience=LONG)
            assert await counter.changed(calm=LONG, patience=LONG)
        assert feed.generation == generation + 1
        assert feed.online

    asyncio.run(scenario())


def test_pages_that_are_closed_are_forgotten() -> None:
    async def scenario() -> None:
        feed = await attached()
        with feed.watch("ticket", 7), feed.watch("ticket", 7), feed.watch("ticket", 8):
            assert feed.open_pages("ticket") == 3
            assert feed.open_pages("ticket", 7) == 2
        assert feed.open_pages("ticket") == 0
        feed.on_event(called_off(7))

    asyncio.run(scenario())


def test_the_end_wakes_everybody() -> None:
    async def scenario() -> None:
        feed = await attached()
        with feed.watch("ticket", 7) as watch:
            feed.close()
            assert await watch.changed(calm=LONG, patience=LONG)
        assert feed.closing

    asyncio.run(scenario())


def test_a_hall_that_was_never_heard_is_not_online() -> None:
    assert not Feed().online
