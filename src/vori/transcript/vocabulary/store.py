"""The glossary's table."""

from __future__ import annotations

from vori.database.connection import Transaction


async def read_glossary(tx: Transaction) -> list[str]:
    """The terms that the workspace wants recognised, as they were given."""
    row = await tx.fetch_one("select terms from vocabulary")
    return row["terms"] if row else []


async def save_glossary(tx: Transaction, terms: list[str]) -> None:
    """Put these terms in the place of those before."""
    await tx.execute(
        """insert into vocabulary (workspace_id, terms) values (%s, %s)
           on conflict (workspace_id) do update set terms = excluded.terms""",
        (tx.workspace_id, terms),
    )
