"""The table of the settings for tickets."""

from __future__ import annotations

from vori.database.connection import Transaction
from vori.tickets.settings.model import TicketSettings


async def read_settings(tx: Transaction) -> TicketSettings:
    """The workspace's; nothing set if it has none."""
    row = await tx.fetch_one("select applied, pending, labels, time_zone from ticket_settings")
    return TicketSettings(**row | {"labels": tuple(row["labels"])}) if row else TicketSettings()


async def save_settings(tx: Transaction, settings: TicketSettings) -> None:
    """Put these in the place of those before."""
    await tx.execute(
        """insert into ticket_settings (workspace_id, applied, pending, labels, time_zone) values (%s, %s, %s, %s, %s)
           on conflict (workspace_id) do update
             set applied = excluded.applied, pending = excluded.pending, labels = excluded.labels,
                 time_zone = excluded.time_zone""",
        (tx.workspace_id, settings.applied, settings.pending, list(settings.labels), settings.time_zone),
    )


async def read_labels(tx: Transaction) -> list[str]:
    """The labels that the workspace knows: those set, then those that its tickets have."""
    rows = await tx.fetch_all(
        """select distinct label from ticket, unnest(labels) as label where removed_at is null order by label"""
    )
    return list(dict.fromkeys([*(await read_settings(tx)).labels, *(row["label"] for row in rows)]))
