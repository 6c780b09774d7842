"""The owner's key of one-person mode: made once, handed to a browser by a link, shown with each request afterwards."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path

from vori.errors import Invalid, Unidentified

FILE = "owner.key"
KEY = re.compile(r"[A-Za-z0-9_-]{32,128}", re.ASCII)
COOKIE_S = 400 * 24 * 3600
"""As long as browsers keep a cookie at most."""


def owner_key(home: Path) -> str:
    """The key in `home`, made on first use; only the account that VORI runs as can read its file.

    Raises `Invalid` when the file can't be read, or holds no key.
    """
    file = home / FILE
    if not file.exists():
        _make(file)
    try:
        file.chmod(0o600)
        key = file.read_text().strip()
    except OSError as error:
        raise Invalid(
            f"VORI can't read its owner key, {file}: {error.strerror}.", remedy="Run VORI as the account that owns it."
        ) from error
    if not KEY.fullmatch(key):
        raise Invalid(f"{file} holds no key.", remedy="Delete it; VORI makes a new one, and prints its link.")
    return key


def _make(file: Path) -> None:
    """Whole or not at all, and once, though several processes begin together."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number, made = tempfile.mkstemp(dir=file.parent, prefix=f".{FILE}-")  # with mode 0600
    try:
        with os.fdopen(number, "w") as out:
            out.write(secrets.token_urlsafe(32))
            out.flush()
            os.fsync(number)
        os.link(made, file)
    except FileExistsError:
        pass
    finally:
        Path(made).unlink()


def read_key(home: Path) -> str | None:
    """The key in `home`; None where there is none, or where it is another account's."""
    try:
        return (home / FILE).read_text().strip() or None
    except OSError:
        return None


def link(url: str, key: str) -> str:
    """What the owner opens in a browser."""
    return f"{url}/open?key={key}"


def cookie_name(host: str) -> str:
    """The cookie's name for what is called `host` (with its port): browsers keep the cookies of all ports together."""
    port = host.rpartition(":")[2]
    return f"vori-owner-{port}" if port.isdecimal() else "vori-owner"


def fits(key: str, shown: str) -> bool:
    return hmac.compare_digest(key.encode(), shown.encode())


def shows(key: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request's headers show the key: as a bearer token, or in the cookie."""
    told = [(name, value.decode("latin-1")) for name, value in headers]
    cookie = cookie_name(next((value for name, value in told if name == b"host"), ""))
    shown = []
    for name, value in told:
        if name == b"authorization" and value[:7].lower() == "bearer ":
            shown.append(value[7:].strip())
        elif name == b"cookie":
            pairs = (pair.strip().partition("=") for pair in value.split(";"))
            shown += [held for found, _, held in pairs if found == cookie]
    return any(fits(key, each) for each in shown)


def not_the_owner() -> Unidentified:
    return Unidentified(
        "Open VORI by its owner link.",
        remedy="`vori link`, run by the account that runs VORI, prints it again. "
        "Programs send its key as `Authorization: Bearer KEY`; the command line takes it from VORI_KEY.",
        code="owner_link_needed",
    )
