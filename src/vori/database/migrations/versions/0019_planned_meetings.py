"""Meetings that are planned: kept apart from those that were held, under the id that they will have."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = depends_on = None

PLANS = """
create table planned_meeting (
  meeting_id uuid primary key,
  workspace_id uuid not null references workspace,
  title text not null,
  language text not null check (language in ('auto', 'ko', 'en')),
  participants text[] not null,
  starts_at timestamptz not null
);
create index on planned_meeting (workspace_id, starts_at, meeting_id);
alter table planned_meeting enable row level security;
alter table planned_meeting force row level security;
create policy own_workspace on planned_meeting to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update, delete on planned_meeting to vori_app;
"""


def upgrade() -> None:
    op.execute(PLANS)
