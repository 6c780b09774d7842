"""The people of a workspace, and what else they are called."""

from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = depends_on = None

MEMBERS = """
create table member (
  member_id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  also text[] not null,
  unique (workspace_id, name)
);
alter table member enable row level security;
alter table member force row level security;
create policy own_workspace on member to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update, delete on member to vori_app;
"""


def upgrade() -> None:
    op.execute(MEMBERS)
