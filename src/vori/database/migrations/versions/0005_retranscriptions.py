"""Meetings heard again by another model: what was found, kept apart from the utterances until somebody accepts it."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = depends_on = None

RETRANSCRIPTIONS = """
create table retranscription (
  retranscription_id uuid primary key,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references meeting on delete cascade,
  model text,
  language text,
  state text not null check (state in ('queued', 'running', 'ready', 'failed', 'accepted', 'discarded')),
  created_at timestamptz not null,
  finished_at timestamptz,
  done_ms bigint not null default 0,
  total_ms bigint not null default 0,
  recogniser text,
  reason text
);
create index on retranscription (meeting_id, created_at);
create unique index retranscription_at_work on retranscription (meeting_id) where state in ('queued', 'running');

create table retranscription_utterance (
  retranscription_id uuid not null references retranscription on delete cascade,
  workspace_id uuid not null references workspace,
  stream uuid not null,
  from_ms int not null,
  to_ms int not null,
  language text not null,
  text text not null,
  words jsonb not null,
  primary key (retranscription_id, stream, from_ms)
);

-- By whom: null is a person, else the recogniser whose later hearing was accepted.
alter table utterance_correction add column model text;
"""

TENANT_TABLES = ["retranscription", "retranscription_utterance"]


def upgrade() -> None:
    op.execute(RETRANSCRIPTIONS)
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy own_workspace on {table} to vori_app "
            "using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid)"
        )
        op.execute(f"grant select, insert, update, delete on {table} to vori_app")
    op.execute("create policy at_work on retranscription for select to vori_log using (state in ('queued', 'running'))")
    op.execute("grant select (retranscription_id, workspace_id, state, created_at) on retranscription to vori_log")
