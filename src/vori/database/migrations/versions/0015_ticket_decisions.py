"""People accept and reject suggestions, undo and redo changes, and say how sure VORI must be."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = depends_on = None

CHANGES = """
alter table ticket_change
  add prompt text,
  add decided_by text,
  add decided_at timestamptz,
  drop constraint ticket_change_kind_check,
  add constraint ticket_change_kind_check check (kind in ('created', 'moved', 'edited', 'undone', 'redone'));
create index on ticket_change (workspace_id, at) where lane <> 'applied';
"""

SETTINGS = """
create table ticket_settings (
  workspace_id uuid primary key references workspace,
  applied double precision,
  pending double precision,
  labels text[] not null
);
alter table ticket_settings enable row level security;
alter table ticket_settings force row level security;
create policy own_workspace on ticket_settings to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update on ticket_settings to vori_app;
"""


def upgrade() -> None:
    op.execute(CHANGES)
    op.execute(SETTINGS)
