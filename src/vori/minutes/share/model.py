"""Links to minutes: what is in one, how long it lasts, what a password is kept as, when guessing ends. Pure: no I/O.

The token is the workspace's id and 32 random bytes. The id says behind which wall to look, and proves nothing: a share
is found by the SHA-256 of the whole token, so that one made up, or pointed at another workspace, finds none.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

SECRET_BYTES = 32
TOKEN_BYTES = 16 + SECRET_BYTES
TOKEN_LENGTH = TOKEN_BYTES * 4 // 3
GUESSES = 5
"""So many wrong passwords in a row lock a link."""
LOCKED_FOR = timedelta(minutes=15)
SCRYPT = {"n": 2**14, "r": 8, "p": 1}
"""16 MiB and some 50 ms for each password tried."""


@dataclass(frozen=True, slots=True)
class Password:
    """A password as it is kept."""

    salt: bytes
    digest: bytes

    def __post_init__(self) -> None:
        assert len(self.salt) >= 16


@dataclass(frozen=True, slots=True)
class Share:
    """A link to the minutes of a meeting. Its token isn't kept."""

    share_id: UUID
    meeting_id: UUID
    created_at: datetime
    expires_at: datetime
    password: Password | None = None
    revoked_at: datetime | None = None
    wrong: int = 0
    """Passwords tried since the last right one, or since the link was locked."""
    locked_until: datetime | None = None

    def open_at(self, at: datetime) -> bool:
        """It is neither revoked nor expired."""
        return self.revoked_at is None and at < self.expires_at

    def locked_at(self, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until


def make_token(workspace_id: UUID) -> str:
    return base64.urlsafe_b64encode(workspace_id.bytes + secrets.token_bytes(SECRET_BYTES)).decode()


def workspace_of(token: str) -> UUID | None:
    """The workspace that a token claims to be of; None for what can't be one."""
    if len(token) != TOKEN_LENGTH:
        return None
    try:
        return UUID(bytes=base64.b64decode(token, altchars=b"-_", validate=True)[:16])
    except (ValueError, binascii.Error):
        return None


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def keep_password(password: str) -> Password:
    """Slow on purpose: call it off the event loop."""
    salt = secrets.token_bytes(16)
    return Password(salt, _digest(password, salt))


def is_right(password: str, kept: Password) -> bool:
    """Slow on purpose: call it off the event loop."""
    return hmac.compare_digest(_digest(password, kept.salt), kept.digest)


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, dklen=32, **SCRYPT)
