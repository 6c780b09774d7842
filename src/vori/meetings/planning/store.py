"""The planned_meeting table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from vori.database.connection import Transaction
from vori.errors import NotFound
from vori.meetings.planning.model import Plan

COLUMNS = "meeting_id, workspace_id, title, language, participants, starts_at, minutes"


async def save_plan(tx: Transaction, plan: Plan) -> None:
    """Note a plan, or what it is now."""
    await tx.execute(
        f"""insert into planned_meeting ({COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s)
            on conflict (meeting_id) do update set title = excluded.title, language = excluded.language,
              participants = excluded.participants, starts_at = excluded.starts_at,
              minutes = excluded.minutes""",
        (
            plan.meeting_id,
            plan.workspace_id,
            plan.title,
            plan.language,
            list(plan.participants),
            plan.starts_at,
            plan.minutes,
        ),
    )


async def take_plan(tx: Transaction, meeting_id: UUID) -> Plan | None:
    """A plan, which is none from now on; None when there is none such, or not any more."""
    row = await tx.fetch_one(f"delete from planned_meeting where meeting_id = %s returning {COLUMNS}", (meeting_id,))
    return _plan(row) if row else None


async def read_plan(tx: Transaction, meeting_id: UUID) -> Plan:
    """One plan, locked until the transaction ends. Raises `NotFound`."""
    row = await tx.fetch_one(f"select {COLUMNS} from planned_meeting where meeting_id = %s for update", (meeting_id,))
    if row is None:
        raise no_plan(meeting_id)
    return _plan(row)


async def read_plans(tx: Transaction, limit: int) -> list[Plan]:
    """The soonest first."""
    rows = await tx.fetch_all(
        f"select {COLUMNS} from planned_meeting order by starts_at, meeting_id limit %s",
        (limit,),
    )
    return [_plan(row) for row in rows]


def no_plan(meeting_id: UUID) -> NotFound:
    return NotFound(f"No meeting {meeting_id} is planned.", remedy="`GET /api/plans` lists those that are.")


def _plan(row: dict[str, Any]) -> Plan:
    return Plan(**row | {"participants": tuple(row["participants"])})
