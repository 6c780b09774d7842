"""Words that are final before their utterance is over: a transcriber that starts anew must keep to them."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("alter table transcript_stream add begun jsonb")
