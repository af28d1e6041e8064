"""A nature (单位性质) that was not read is not known: it was taken for 事业单位 in all that was read from documents."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Empties it where the account was read from a file, which never says it."""
    op.execute("UPDATE publication SET nature = '' WHERE original <> ''")
