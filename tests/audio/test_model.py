"""Frames, their order, and their place in time."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from vori.audio.model import (
    HEADER,
    MAX_FRAME,
    Arrivals,
    Frame,
    FrameTooLarge,
    MalformedFrame,
    Timeline,
    WrongSequence,
    parse_frame,
    samples_in,
    starts_segment,
)
from vori.audio.packet import opus_duration


def test_a_frame_is_read_as_it_was_packed() -> None:
    assert parse_frame(bytes.fromhex("00000007 00000000000002bc 0102")) == Frame(7, 700, b"\x01\x02")


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (b"", MalformedFrame),
        (HEADER.pack(0, 0), MalformedFrame),
        (b"short", MalformedFrame),
        (HEADER.pack(0, 0) + bytes(MAX_FRAME - HEADER.size + 1), FrameTooLarge),
        (HEADER.pack(0, 1_700_000_000_000) + b"ab", MalformedFrame),
    ],
)
def test_a_bad_frame_is_refused_with_a_remedy(message: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        parse_frame(message)
    assert getattr(caught.value, "remedy", "")


def test_the_biggest_frame_passes() -> None:
    assert len(parse_frame(HEADER.pack(0, 0) + bytes(MAX_FRAME - HEADER.size)).data) == MAX_FRAME - HEADER.size


@pytest.mark.parametrize("data", [b"", b"abc"])
def test_half_a_sample_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedFrame):
        samples_in("pcm_s16le", 16000, data)


def test_samples_are_counted() -> None:
    assert samples_in("pcm_s16le", 16000, bytes(3200)) == 1600
    assert samples_in("opus", 16000, bytes([0x48, 1, 2])) == 320
    assert samples_in("opus", 12000, bytes([0x80, 1])) == 30


@pytest.mark.parametrize("packet", [b"", b"\xff\xff\xff", b"\x0b", b"\x4b\x40", bytes([0x48]) + bytes(1276)])
def test_what_is_no_opus_packet_is_refused(packet: bytes) -> None:
    assert opus_duration(packet) == 0
    with pytest.raises(MalformedFrame):
        samples_in("opus", 16000, packet)


def frames(*numbers: int) -> list[Frame]:
    return [Frame(number, number * 100, b"ab") for number in numbers]


def seqs(taken: tuple[Frame, ...]) -> list[int]:
    return [frame.seq for frame in taken]


def test_shuffled_frames_come_out_in_order() -> None:
    arrivals, order, out = Arrivals(0), list(range(200)), []
    shuffle = random.Random(3)
    for at in range(0, 200, 20):
        part = order[at : at + 20]
        shuffle.shuffle(part)
        order[at : at + 20] = part
    for frame in frames(*order):
        out += seqs(arrivals.take(frame))
    assert out == list(range(200))
    assert arrivals.gaps == []


def test_a_repeated_frame_is_dropped_and_one_far_off_refused() -> None:
    arrivals = Arrivals(5000)
    assert seqs(arrivals.take(Frame(5000, 0, b"ab"))) == [5000]
    assert arrivals.take(Frame(5000, 0, b"ab")) == arrivals.take(Frame(4500, 0, b"ab")) == ()
    for far in (6002, 4000, 2**32 - 1, 0):
        with pytest.raises(WrongSequence, match="5001"):
            arrivals.take(Frame(far, 0, b"ab"))
    assert seqs(arrivals.take(Frame(5001, 0, b"ab"))) == [5001]


def test_missing_frames_are_given_up_as_a_gap() -> None:
    arrivals = Arrivals(0)
    for frame in frames(0, 3, 4, 6):
        arrivals.take(frame)
    assert arrivals.next_seq == 1
    assert seqs(arrivals.skip()) == [3, 4]
    assert seqs(arrivals.skip()) == [6]
    assert arrivals.gaps == [(1, 2), (5, 5)]
    assert arrivals.skip() == arrivals.take(Frame(1, 0, b"ab")) == ()


def test_no_more_than_a_window_is_held() -> None:
    arrivals, out = Arrivals(0), []
    for frame in frames(*range(1, 40)):
        out += seqs(arrivals.take(frame))
    assert out == list(range(1, 40))
    assert arrivals.gaps == [(0, 0)]


def test_the_timeline_is_seamless_until_sound_is_missing() -> None:
    timeline, firsts = Timeline(16000), []
    for seq, captured_ms in [(0, 0), (1, 90), (2, 230), (5, 520), (6, 600), (7, 1200), (3, 300)]:
        placed = timeline.place(seq, captured_ms, 1600)
        firsts.append(placed[0] if placed else None)
        timeline = placed[1] if placed else timeline
    assert firsts == [0, 1600, 3200, 8320, 9920, 19200, None]
    assert timeline == Timeline(16000, 8, 20800)


def test_the_timeline_is_the_same_from_any_point_on() -> None:
    chance = random.Random(7)
    sent = [(seq, max(0, seq * 100 + chance.randint(-300, 900))) for seq in range(100) if chance.random() > 0.1]
    whole, placed = Timeline(16000), []
    for seq, captured_ms in sent:
        step = whole.place(seq, captured_ms, 1600)
        assert step
        placed.append((whole, step[0]))
        whole = step[1]
    assert all(after >= before + 1600 for (_, before), (_, after) in pairwise(placed))
    again = placed[60][0]
    for seq, captured_ms in sent[40:]:
        step = again.place(seq, captured_ms, 1600)
        again = step[1] if step else again
        assert step is not None or seq < placed[60][0].next_seq
    assert again == whole


def test_a_segment_ends_at_ten_seconds_and_at_a_gap() -> None:
    assert not starts_segment(1600, 0, 1600, 16000)
    assert not starts_segment(159_999, 0, 159_999, 16000)
    assert starts_segment(160_000, 0, 160_000, 16000)
    assert starts_segment(1700, 0, 1600, 16000)
    assert not starts_segment(161_600, 160_000, 161_600, 16000)
