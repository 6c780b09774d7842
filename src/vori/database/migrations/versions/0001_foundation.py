"""The first tables. Every tenant's row carries its workspace, and row-level security is on from here."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLES = """
do $$
declare r text;
begin
  foreach r in array array['vori_app', 'vori_log'] loop
    if not exists (select from pg_roles where rolname = r) then
      execute format('create role %I nologin nosuperuser nocreatedb nocreaterole nobypassrls', r);
    end if;
    execute format('grant %I to current_user', r);
    execute format('grant usage on schema public to %I', r);
  end loop;
end $$;
"""

PEOPLE_AND_MEETINGS = """
create table workspace (
  workspace_id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table meeting (
  meeting_id uuid primary key,
  workspace_id uuid not null references workspace,
  title text not null,
  language text not null check (language in ('auto', 'ko', 'en')),
  status text not null check (status in ('live', 'ended')),
  started_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  script jsonb
);
create index on meeting (workspace_id, started_at desc, meeting_id desc);

create table participant (
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references meeting on delete cascade,
  name text not null,
  primary key (meeting_id, name)
);
"""

AUDIO = """
create table audio_stream (
  stream uuid primary key,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references meeting on delete cascade,
  stream_id text not null,
  codec text not null,
  sample_rate int not null,
  language text,
  speaker text,
  origin_ms bigint not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (meeting_id, stream_id)
);

create table audio_archive (
  stream uuid primary key references audio_stream on delete cascade,
  workspace_id uuid not null references workspace,
  timeline jsonb not null
);

create table audio_segment (
  stream uuid not null references audio_stream on delete cascade,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null,
  first_sample bigint not null,
  samples int not null,
  sample_rate int not null,
  path text not null,
  primary key (stream, first_sample)
);
create index on audio_segment (meeting_id);
"""

TRANSCRIPT = """
create table transcript_stream (
  stream uuid primary key references audio_stream on delete cascade,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null,
  checkpoint bytea not null,
  closed boolean not null default false,
  unheard jsonb not null default '[]',
  updated_at timestamptz not null default now()
);

create table utterance (
  utterance_id uuid primary key,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references meeting on delete cascade,
  stream uuid not null,
  speaker text,
  start_ms int not null,
  end_ms int not null,
  language text not null,
  text text not null,
  words jsonb not null,
  model text not null,
  created_at timestamptz not null default now()
);
create index on utterance (meeting_id, start_ms, utterance_id);
"""

TICKETS_AND_MINUTES = """
create table ticket (
  ticket_id uuid primary key,
  workspace_id uuid not null references workspace,
  meeting_id uuid references meeting on delete set null,
  number int not null,
  title text not null,
  content text not null,
  status text not null check (status in ('TODO', 'IN_PROGRESS', 'DONE')),
  assignee text,
  due date,
  version int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  removed_at timestamptz,
  unique (workspace_id, number)
);
create index on ticket (meeting_id);

-- A suggestion (lane pending or review) to open a ticket names one that does not exist yet, hence no reference.
create table ticket_change (
  change_id uuid primary key,
  workspace_id uuid not null references workspace,
  ticket_id uuid not null,
  meeting_id uuid,
  kind text not null check (kind in ('created', 'moved', 'edited', 'undone')),
  version int,
  before jsonb,
  after jsonb,
  reason text not null,
  evidence jsonb not null,
  actor text not null,
  certainty real,
  lane text not null check (lane in ('applied', 'pending', 'review')),
  undoes uuid references ticket_change on delete cascade,
  at timestamptz not null,
  check ((version is not null) = (lane = 'applied'))
);
create index on ticket_change (ticket_id, version);
create index on ticket_change (meeting_id);

-- What the tickets worker has taken in, so that after a crash it sees the talk as it stood.
create table ticket_turn (
  utterance_id uuid primary key,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references meeting on delete cascade,
  stream uuid not null,
  speaker text,
  start_ms int not null,
  end_ms int not null,
  text text not null
);
create index on ticket_turn (meeting_id, start_ms, utterance_id);

create table ticket_stream (
  stream uuid primary key,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references meeting on delete cascade
);
create index on ticket_stream (meeting_id);

create table minutes (
  meeting_id uuid primary key references meeting on delete cascade,
  workspace_id uuid not null references workspace,
  version int not null,
  markdown text not null,
  body jsonb not null,
  written_at timestamptz not null
);
"""

EVENT_LOG = """
create table log_partition (
  topic text not null,
  partition int not null,
  next_offset bigint not null default 0,
  primary key (topic, partition)
);

create table log_event (
  topic text not null,
  partition int not null,
  log_offset bigint not null,
  workspace_id uuid not null,
  key text not null,
  value bytea not null,
  at timestamptz not null default now(),
  primary key (topic, partition, log_offset)
);
alter table log_event alter column value set storage external;
create index on log_event (topic, key, log_offset);

create table log_progress (
  consumer_group text not null,
  topic text not null,
  partition int not null,
  next_offset bigint not null default 0,
  owner uuid,
  primary key (consumer_group, topic, partition)
);

create table log_source (
  source text primary key,
  workspace_id uuid not null,
  next_seq bigint not null
);

create unlogged table live_message (
  message_id uuid primary key,
  workspace_id uuid not null,
  body text not null,
  at timestamptz not null default now()
);
"""

TENANT_TABLES = [
    "workspace",
    "meeting",
    "participant",
    "audio_stream",
    "audio_archive",
    "audio_segment",
    "transcript_stream",
    "utterance",
    "ticket",
    "ticket_change",
    "ticket_turn",
    "ticket_stream",
    "minutes",
    "log_event",
    "log_source",
    "live_message",
]
"""Rows of teams. `log_partition` and `log_progress` hold counters of the log itself and no team's data."""

LOG_TABLES = ["log_event", "log_source", "live_message"]
"""What the log's own role may read across workspaces."""


def upgrade() -> None:
    for statements in (ROLES, PEOPLE_AND_MEETINGS, AUDIO, TRANSCRIPT, TICKETS_AND_MINUTES, EVENT_LOG):
        op.execute(statements)
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy own_workspace on {table} to vori_app "
            "using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid)"
        )
        op.execute(f"grant select, insert, update, delete on {table} to vori_app")
    for table in LOG_TABLES:
        op.execute(f"create policy whole_log on {table} to vori_log using (true)")
        op.execute(f"grant select, insert, update, delete on {table} to vori_log")
    op.execute("grant select, insert, update on log_partition, log_progress to vori_app, vori_log")
