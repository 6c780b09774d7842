"""What a language model was asked about meetings, what it answered, and what that cost."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = depends_on = None

ASKED = """
create table llm_note (
  note_id uuid primary key,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null,
  said text not null,
  at timestamptz not null,
  model text not null,
  prompt text not null,
  turns jsonb not null,
  answer jsonb,
  requests int not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  usd numeric,
  trouble text not null
);
create index llm_note_by_meeting on llm_note (workspace_id, meeting_id, note_id);
create index llm_note_by_time on llm_note (workspace_id, at);
alter table llm_note enable row level security;
alter table llm_note force row level security;
create policy own_workspace on llm_note to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert on llm_note to vori_app;
"""


def upgrade() -> None:
    op.execute(ASKED)
