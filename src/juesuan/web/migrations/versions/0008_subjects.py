"""An index for what is spent on a code of the classification by all units."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Makes the index."""
    op.create_index("fact_of_line", "published_fact", ["form", "column", "row"])
