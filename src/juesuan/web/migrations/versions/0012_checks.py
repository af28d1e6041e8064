"""What a bureau has switched on for a year: secrecy review, the head's signature."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Adds the column; nothing is switched on."""
    op.add_column("season", sa.Column("checks", sa.String(100), nullable=False, server_default=""))
