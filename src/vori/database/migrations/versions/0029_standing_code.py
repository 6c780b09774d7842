"""Of what kind the reason is for which analytics doesn't work, so that a page says it in its own language."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("alter table analytics_standing add column code text not null default ''")
