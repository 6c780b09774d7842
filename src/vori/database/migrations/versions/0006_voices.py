"""An utterance on a shared microphone tells which of its voices spoke; people put names to voices."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = depends_on = None

VOICES = """
alter table utterance add column voice int;
alter table ticket_turn add column voice int;

create table speaker_name (
  stream uuid not null references audio_stream on delete cascade,
  voice int not null,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references meeting on delete cascade,
  name text,
  version int not null default 1,
  primary key (stream, voice)
);
create index on speaker_name (meeting_id);
alter table speaker_name enable row level security;
alter table speaker_name force row level security;
create policy own_workspace on speaker_name to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update, delete on speaker_name to vori_app;
"""


def upgrade() -> None:
    op.execute(VOICES)
