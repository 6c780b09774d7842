"""Opus packets: their outside agrees with libopus, their inside with the sound that went in."""

from __future__ import annotations

import random

import av
import numpy as np
import pytest
from tests.audio.conftest import noise

from vori.audio.opus import OpusDecoder, OpusEncoder
from vori.audio.packet import opus_duration


def test_libopus_takes_exactly_the_packets_we_take() -> None:
    decoder = av.codec.CodecContext.create("libopus", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.layout = "mono"
    chance, taken = random.Random(11), 0
    for _ in range(4000):
        head = bytes(chance.choice([0, 1, 2, 5, 64, 67, 130, 131, chance.randrange(256)]) for _ in range(3))
        packet = bytes([chance.randrange(256)]) + (head + chance.randbytes(chance.choice([0, 1, 7, 57, 1400])))
        packet = packet[: chance.choice([1, 2, 3, len(packet)])]
        try:
            samples = sum(frame.samples for frame in decoder.decode(av.Packet(packet)))
        except av.FFmpegError:
            samples = 0
        assert round(opus_duration(packet) * 48) == samples, packet.hex()
        taken += samples > 0
    assert 1000 < taken < 3500


@pytest.mark.parametrize("rate", [8000, 12000, 16000, 24000, 48000])
def test_a_tone_survives_at_every_rate(rate: int) -> None:
    sound = (8000 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)).astype(np.int16)
    encoder, decoder = OpusEncoder(rate, packet_ms=20), OpusDecoder(rate)
    packets = [*encoder.encode(sound[:333]), *encoder.encode(sound[333:]), *encoder.flush()]
    heard = np.concatenate([decoder.decode(packet) for packet in packets])
    assert len(heard) == len(packets) * rate // 50
    assert len(sound) <= len(heard) <= len(sound) + rate // 20
    steady = heard[rate // 5 : rate // 5 * 4].astype(float)
    assert np.argmax(np.abs(np.fft.rfft(steady))) * rate / len(steady) == pytest.approx(440, abs=3)
    assert np.abs(steady).max() == pytest.approx(8000, rel=0.15)


def test_a_damaged_packet_is_silence_of_its_length_or_nothing_and_the_decoder_lives_on() -> None:
    encoder, decoder = OpusEncoder(), OpusDecoder(16000)
    packets = encoder.encode(noise(1))
    for packet in packets[:5]:
        decoder.decode(packet)
    assert len(decoder.decode(b"\xff\xff\xff")) == 0
    assert len(decoder.decode(b"")) == 0
    assert len(decoder.decode(packets[5][:8] + bytes(len(packets[5]) - 8))) == 1600
    assert len(decoder.decode(packets[6])) == 1600


def test_a_primed_decoder_goes_on_as_if_it_had_heard_all() -> None:
    packets = OpusEncoder().encode(noise(5))
    whole = OpusDecoder(16000)
    heard = [whole.decode(packet) for packet in packets]
    primed = OpusDecoder(16000, packets[26:30])
    assert np.array_equal([primed.decode(packet) for packet in packets[30:]], heard[30:])
