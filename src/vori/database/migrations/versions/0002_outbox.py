"""Progress also says how far the records read so far came from the outbox, so that a relayed one is read once."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("alter table log_progress add column outbox bigint not null default -1")
