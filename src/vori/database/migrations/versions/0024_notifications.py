"""A change knows whose hand it was; of each person is kept how far they have read what concerns them."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = depends_on = None

WHO = """
alter table ticket_change add person text;
create index on ticket_change (workspace_id, at) where lane = 'applied';
"""

READERS = """
create table notification_reader (
  workspace_id uuid not null references workspace,
  person text not null,
  read_until timestamptz,
  unwanted text[] not null default '{}',
  primary key (workspace_id, person)
);
alter table notification_reader enable row level security;
alter table notification_reader force row level security;
create policy own_workspace on notification_reader to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update on notification_reader to vori_app;
"""


def upgrade() -> None:
    op.execute(WHO)
    op.execute(READERS)
