"""`vori link`: the owner's link once more."""

from __future__ import annotations

from vori.cli.server import default_url, key_for
from vori.errors import NotFound
from vori.people.owner import link as owner_link


def link() -> None:
    """Print the owner's link. Whoever has it can use this VORI, so pass it to nobody."""
    url = default_url()
    key = key_for(url)
    if key is None:
        raise NotFound(
            f"No owner key of the VORI at {url} can be read here.",
            remedy="Start VORI once (`make up`), and ask as the account that runs it, with the same VORI_HOME.",
        )
    print(owner_link(url, key))
