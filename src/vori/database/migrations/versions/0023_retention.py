"""How long sound is kept after a meeting's end, and the meetings whose sound was deleted."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = depends_on = None

RETENTION = """
create table audio_settings (
  workspace_id uuid primary key references workspace,
  keep_days int check (keep_days >= 1)
);
alter table audio_settings enable row level security;
alter table audio_settings force row level security;
create policy own_workspace on audio_settings to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update on audio_settings to vori_app;

-- The rows of audio_segment stay: they tell what was captured.
create table audio_deleted (
  meeting_id uuid primary key references meeting on delete cascade,
  workspace_id uuid not null references workspace,
  keep_days int not null,
  at timestamptz not null default now()
);
alter table audio_deleted enable row level security;
alter table audio_deleted force row level security;
create policy own_workspace on audio_deleted to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert on audio_deleted to vori_app;
"""


def upgrade() -> None:
    op.execute(RETENTION)
