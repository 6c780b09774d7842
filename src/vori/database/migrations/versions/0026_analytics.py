"""What analytics keeps: how it stands, what a workspace wants of it, live numbers, results, and runs."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = depends_on = None

STANDING = """
create table analytics_standing (
  only_one boolean primary key default true check (only_one),
  state text not null check (state in ('starting', 'working', 'off')),
  reason text not null,
  remedy text not null,
  at timestamptz not null
);
grant select, insert, update on analytics_standing to vori_app;
"""

SETTINGS = """
create table analytics_settings (
  workspace_id uuid primary key references workspace,
  body jsonb not null
);
"""

LIVE = """
create table live_piece (
  workspace_id uuid not null,
  meeting_id uuid not null,
  who text not null,
  starts_at timestamptz not null,
  utterances bigint not null,
  talk_ms bigint not null,
  questions bigint not null,
  created bigint not null,
  moved bigint not null,
  done bigint not null,
  decisions bigint not null,
  primary key (meeting_id, who, starts_at)
);
create index on live_piece (workspace_id, starts_at);
create table live_window (
  workspace_id uuid not null,
  subject uuid not null,
  minutes smallint not null check (minutes in (5, 30, 60)),
  starts_at timestamptz not null,
  meetings int not null,
  people int not null,
  utterances bigint not null,
  talk_ms bigint not null,
  questions bigint not null,
  created bigint not null,
  moved bigint not null,
  done bigint not null,
  decisions bigint not null,
  primary key (subject, minutes, starts_at)
);
create index on live_window (workspace_id, minutes, starts_at);
create table live_meeting (
  meeting_id uuid primary key,
  workspace_id uuid not null,
  body jsonb not null,
  at timestamptz not null
);
"""

RESULTS = """
create table analytics_result (
  workspace_id uuid not null references workspace,
  kind text not null,
  key text not null,
  day date not null,
  meeting_id uuid,
  body jsonb not null,
  reckoned_at timestamptz not null,
  primary key (workspace_id, kind, key)
);
create index on analytics_result (workspace_id, kind, day);
create index on analytics_result (meeting_id) where meeting_id is not null;
"""

RUNS = """
create table analytics_run (
  run_id uuid primary key,
  workspace_id uuid not null references workspace,
  what text not null check (what in ('changes', 'week', 'back-fill')),
  first_day date,
  last_day date,
  asked_at timestamptz not null,
  begun_at timestamptz,
  ended_at timestamptz,
  problem text not null default ''
);
create index on analytics_run (workspace_id, what, asked_at desc);
"""

WALLED = ("analytics_settings", "live_piece", "live_window", "live_meeting", "analytics_result", "analytics_run")


def upgrade() -> None:
    for statement in (STANDING, SETTINGS, LIVE, RESULTS, RUNS):
        op.execute(statement)
    for table in WALLED:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"""create policy own_workspace on {table} to vori_app
                using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid)"""
        )
        op.execute(f"grant select, insert, update, delete on {table} to vori_app")
