"""Who speaks alone on a stream can get another name, as the voices of shared ones can: a row without a voice."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("alter table speaker_name drop constraint speaker_name_pkey, alter column voice drop not null")
    op.execute("alter table speaker_name add unique nulls not distinct (stream, voice)")
