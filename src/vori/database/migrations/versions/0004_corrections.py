"""What people put in place of what was heard, one row for each correction; the utterances stay as they are."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None

CORRECTIONS = """
create table utterance_correction (
  utterance_id uuid not null references utterance on delete cascade,
  version int not null,
  workspace_id uuid not null references workspace,
  text text not null,
  at timestamptz not null,
  primary key (utterance_id, version)
);
alter table utterance_correction enable row level security;
alter table utterance_correction force row level security;
create policy own_workspace on utterance_correction to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert on utterance_correction to vori_app;
"""


def upgrade() -> None:
    op.execute(CORRECTIONS)
