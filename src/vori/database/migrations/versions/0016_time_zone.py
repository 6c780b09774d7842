"""A workspace may say which time zone its meetings' days are in."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("alter table ticket_settings add column time_zone text")
