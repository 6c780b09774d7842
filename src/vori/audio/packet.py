"""The outside of an Opus packet (RFC 6716, section 3): how long it sounds, or that it is none. Pure: no I/O."""

from __future__ import annotations

MAX_FRAME_BYTES = 1275
MAX_MS = 120.0
_SILK, _HYBRID, _CELT = (10.0, 20.0, 40.0, 60.0), (10.0, 20.0), (2.5, 5.0, 10.0, 20.0)


def opus_duration(packet: bytes) -> float:
    """Milliseconds of sound in a packet; 0 if no decoder would take it."""
    if not packet:
        return 0.0
    config = packet[0] >> 3
    one = _SILK[config & 3] if config < 12 else _HYBRID[config & 1] if config < 16 else _CELT[config & 3]
    frames = _frames(packet)
    return one * frames if one * frames <= MAX_MS else 0.0


def _frames(packet: bytes) -> int:
    """How many frames a packet holds, by its code; 0 if their lengths don't work out."""
    code, body = packet[0] & 3, packet[1:]
    if code == 0:
        return int(len(body) <= MAX_FRAME_BYTES)
    if code == 1:
        return 2 if len(body) % 2 == 0 and len(body) // 2 <= MAX_FRAME_BYTES else 0
    if code == 2:
        first, used = _length(body)
        return 2 if used and 0 <= len(body) - used - first <= MAX_FRAME_BYTES else 0
    return _many(body)


def _many(body: bytes) -> int:
    """Code 3: a count byte, perhaps padding, perhaps a length for every frame but the last."""
    if not body:
        return 0
    count, padded, variable = body[0] & 63, body[0] & 64, body[0] & 128
    at, padding = 1, 0
    while padded:
        if at >= len(body):
            return 0
        step = body[at]
        at += 1
        padding += min(step, 254)
        if step < 255:
            break
    if not variable:
        rest = len(body) - at - padding
        return count if count and rest >= 0 and rest % count == 0 and rest // count <= MAX_FRAME_BYTES else 0
    total = 0
    for _ in range(count - 1):
        length, used = _length(body[at:])
        if not used:
            return 0
        at, total = at + used, total + length
    return count if count and 0 <= len(body) - at - padding - total <= MAX_FRAME_BYTES else 0


def _length(data: bytes) -> tuple[int, int]:
    """(a frame's length, the bytes that say so); (0, 0) when they are cut off."""
    if not data:
        return 0, 0
    if data[0] < 252:
        return data[0], 1
    return (data[0] + 4 * data[1], 2) if len(data) > 1 else (0, 0)
