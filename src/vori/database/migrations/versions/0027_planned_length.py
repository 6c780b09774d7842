"""How long a planned meeting is to last."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("alter table planned_meeting add column minutes integer check (minutes between 1 and 1440)")
