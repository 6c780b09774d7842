"""What the results of a run depend on besides facts: with another they are reckoned anew."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("alter table analytics_run add column basis text not null default ''")
