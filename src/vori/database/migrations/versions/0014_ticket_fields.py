"""Tickets get a priority, labels, what blocks them, a place in their column, and the meetings they came up in."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = depends_on = None

FIELDS = """
alter table ticket
  add priority text check (priority in ('low', 'normal', 'high', 'urgent')),
  add labels text[] not null default '{}',
  add blocked boolean not null default false,
  add blocked_reason text not null default '',
  add rank text collate "C" not null default '';
create index on ticket (workspace_id, status, rank);

-- Forced row-level security would hide every row from the tables' owner.
alter table ticket no force row level security;
update ticket set rank = rtrim(to_char(500000 - number, 'FM000000'), '0');
alter table ticket force row level security;
"""

MEETINGS = """
-- A suggested ticket has its meetings before it exists, hence no reference.
create table ticket_meeting (
  ticket_id uuid not null,
  meeting_id uuid not null references meeting on delete cascade,
  workspace_id uuid not null references workspace,
  at timestamptz not null,
  primary key (ticket_id, meeting_id)
);
create index on ticket_meeting (meeting_id);

alter table meeting no force row level security;
alter table ticket_change no force row level security;
insert into ticket_meeting (ticket_id, meeting_id, workspace_id, at)
  select c.ticket_id, c.meeting_id, m.workspace_id, min(c.at) from ticket_change c join meeting m using (meeting_id)
  group by c.ticket_id, c.meeting_id, m.workspace_id;
alter table ticket_change force row level security;
alter table meeting force row level security;

alter table ticket_meeting enable row level security;
alter table ticket_meeting force row level security;
create policy own_workspace on ticket_meeting to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update, delete on ticket_meeting to vori_app;
"""


def upgrade() -> None:
    op.execute(FIELDS)
    op.execute(MEETINGS)
