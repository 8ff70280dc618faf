"""Connections that ask slowly, late, too much or nothing, at a real socket."""

import asyncio

import pytest

from tests.web.visiting import HEAD, LARGE, POST, Connect, answer, drip, visit
from web.entrance import Entrance


@pytest.mark.parametrize("beginning", [b"", HEAD, POST, b"POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\n"])
def test_who_never_comes_to_an_end_is_sent_away(beginning: bytes) -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(beginning)
        if beginning in (b"", POST):
            assert await reader.read() == b""
        else:
            await drip(writer, reader)

    visit(scenario, patience=0.2)


@pytest.mark.parametrize("next_request", [b"", HEAD, POST])
def test_who_asked_once_has_no_longer_patience_for_the_next_request(next_request: bytes) -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(HEAD + b"\r\n")
        assert b"heard" in await answer(reader)
        writer.write(next_request)
        await drip(writer, reader) if next_request == HEAD else await reader.read()

    visit(scenario, patience=0.2)


def test_a_request_in_pieces_is_answered_once_it_is_whole() -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        for piece in (b"PO", POST[2:30], POST[30:-2], b"\r\n", b"sc", b"or"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        assert b"heard scor" in await answer(reader)
        writer.write(POST + b"next" + HEAD + b"\r\n")
        assert b"heard next" in await answer(reader)
        assert (await answer(reader)).endswith(b"heard ")

    visit(scenario)


@pytest.mark.parametrize("nonsense", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"x" * 20_000])
def test_what_is_no_request_is_refused_at_once(nonsense: bytes) -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(nonsense)
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")

    visit(scenario)


def test_a_citizen_is_answered_however_many_stand_about_at_the_same_address() -> None:
    async def scenario(connect: Connect) -> None:
        citizen, asks = await connect()
        asks.write(HEAD + b"\r\n")
        assert b"heard" in await answer(citizen)
        silent = [await connect() for _ in range(20)]
        asks.write(HEAD + b"\r\n")
        late, asks_late = await connect()
        asks_late.write(HEAD + b"\r\n")
        assert b"heard" in await answer(late)
        for reader, _ in silent[:10]:
            with pytest.raises((ConnectionError, EOFError)):
                await reader.readexactly(1)

    visit(scenario, entrance=Entrance(places=10, answered=100))


def test_open_pages_do_not_wait_and_stay() -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(b"GET /events HTTP/1.1\r\nHost: hall\r\n\r\n")
        await reader.readuntil(b"retry: 3000")
        other, silent = await connect()
        assert await other.read() == b""
        silent.close()
        assert not reader.at_eof()

    visit(scenario, patience=0.2)


@pytest.mark.parametrize("path", [b"/large", b"/parts"])
def test_who_takes_nothing_of_the_answer_is_sent_away(path: bytes) -> None:
    entrance = Entrance(places=100, answered=100)

    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: hall\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        while entrance.waiting:
            await asyncio.sleep(0.01)
        assert entrance.answered == 0
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(LARGE)

    visit(scenario, 0.2, entrance)


@pytest.mark.parametrize("path", [b"/large", b"/parts"])
def test_who_takes_the_answer_slowly_gets_all_of_it(path: bytes) -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        begun, got = asyncio.get_running_loop().time(), 0
        while part := await reader.read(4096):
            got += len(part)
            await asyncio.sleep(0.01)
        assert got == LARGE
        assert asyncio.get_running_loop().time() - begun > 0.2, "the phone was no slow one"

    visit(scenario, 0.2)


def test_more_than_can_be_answered_are_told_to_come_back() -> None:
    async def scenario(connect: Connect) -> None:
        page, opens = await connect()
        opens.write(b"GET /events HTTP/1.1\r\nHost: hall\r\n\r\n")
        await page.readuntil(b"retry: 3000")
        reader, writer = await connect()
        writer.write(HEAD + b"\r\n")
        refused = (await reader.read()).decode()
        assert refused.startswith("HTTP/1.1 503 ")
        assert "Trang tự thử lại" in refused
        opens.close()
        for _ in range(100):
            reader, writer = await connect()
            writer.write(HEAD + b"\r\n")
            if b"heard" in await reader.read(1000):
                return
        raise AssertionError("the place of a page that was closed stayed taken")

    visit(scenario, entrance=Entrance(places=100, answered=1))
