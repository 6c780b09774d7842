"""The team's glossary: terms that speech recognition shall know, one row for each workspace."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = depends_on = None

VOCABULARY = """
create table vocabulary (
  workspace_id uuid primary key references workspace,
  terms text[] not null
);
alter table vocabulary enable row level security;
alter table vocabulary force row level security;
create policy own_workspace on vocabulary to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update on vocabulary to vori_app;
"""


def upgrade() -> None:
    op.execute(VOCABULARY)
