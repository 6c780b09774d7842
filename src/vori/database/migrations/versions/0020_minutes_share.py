"""Minutes may be shared by a link that expires, may ask for a password, and can be revoked."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = depends_on = None

SHARES = """
create table minutes_share (
  share_id uuid primary key,
  workspace_id uuid not null references workspace,
  meeting_id uuid not null references minutes on delete cascade,
  token_hash bytea not null unique,
  password_salt bytea,
  password_hash bytea,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  wrong int not null default 0,
  locked_until timestamptz,
  check ((password_salt is null) = (password_hash is null))
);
create index on minutes_share (meeting_id);
alter table minutes_share enable row level security;
alter table minutes_share force row level security;
create policy own_workspace on minutes_share to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update on minutes_share to vori_app;
"""


def upgrade() -> None:
    op.execute(SHARES)
