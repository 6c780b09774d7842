"""People may comment on tickets."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = depends_on = None

COMMENTS = """
create table ticket_comment (
  comment_id uuid primary key,
  workspace_id uuid not null references workspace,
  ticket_id uuid not null references ticket on delete cascade,
  author text,
  text text not null,
  at timestamptz not null
);
create index on ticket_comment (ticket_id, at);
alter table ticket_comment enable row level security;
alter table ticket_comment force row level security;
create policy own_workspace on ticket_comment to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, delete on ticket_comment to vori_app;
"""


def upgrade() -> None:
    op.execute(COMMENTS)
