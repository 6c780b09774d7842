"""A stream knows which recording it is, if it is one; the log's role sees which workspaces there are, and no more."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("alter table audio_stream add column recording text")
    op.execute("create policy every_workspace on workspace for select to vori_log using (true)")
    op.execute("grant select (workspace_id) on workspace to vori_log")
