"""Reading courses from the tables of tickets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from vori.database.connection import Transaction
from vori.events import Status
from vori.tickets.course.model import Course, Step, standing


async def read_courses(tx: Transaction, until: datetime) -> list[Course]:
    """The courses of all tickets that were opened before then and still are there, the oldest first. What happened
    later is in them, too: an undo holds whenever it came.
    """
    rows = await tx.fetch_all(
        """select t.ticket_id, t.number, t.title, t.assignee, t.status, c.change_id, c.version, c.kind, c.at,
                  c.before->>'status' as from_status, c.after->>'status' as to_status, c.meeting_id, c.actor, c.undoes
           from ticket t join ticket_change c using (ticket_id)
           where t.removed_at is null and t.created_at < %s and c.lane = 'applied'
             and (c.undoes is not null or c.before->>'status' is distinct from c.after->>'status')
           order by t.number, c.version""",
        (until,),
    )
    steps: dict[UUID, list[Step]] = {}
    tickets = {row["ticket_id"]: row for row in rows}
    for row in rows:
        step = Step(
            change_id=row["change_id"],
            version=row["version"],
            kind=row["kind"],
            at=row["at"],
            from_status=Status(row["from_status"]) if row["from_status"] else None,
            to_status=Status(row["to_status"]) if row["to_status"] else None,
            meeting_id=row["meeting_id"],
            actor=row["actor"],
            undoes=row["undoes"],
        )
        steps.setdefault(row["ticket_id"], []).append(step)
    return [
        Course(
            ticket_id=ticket_id,
            key=f"VORI-{row['number']}",
            title=row["title"],
            assignee=row["assignee"],
            status=Status(row["status"]),
            steps=stand,
        )
        for ticket_id, row in tickets.items()
        if (stand := standing(steps[ticket_id])) and stand[0].from_status is None
    ]
