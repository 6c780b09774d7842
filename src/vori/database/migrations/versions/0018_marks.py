"""Utterances may be bookmarked, and stretches of a meeting struck from its record."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = depends_on = None

MARKS = """
create table bookmark (
  utterance_id uuid primary key references utterance on delete cascade,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references meeting on delete cascade,
  at timestamptz not null default now()
);
create index on bookmark (meeting_id);
alter table bookmark enable row level security;
alter table bookmark force row level security;
create policy own_workspace on bookmark to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, delete on bookmark to vori_app;

create table struck (
  struck_id uuid primary key,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references meeting on delete cascade,
  from_ms int not null,
  to_ms int not null,
  at timestamptz not null default now()
);
create index on struck (meeting_id);
alter table struck enable row level security;
alter table struck force row level security;
create policy own_workspace on struck to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, delete on struck to vori_app;
"""


def upgrade() -> None:
    op.execute(MARKS)
