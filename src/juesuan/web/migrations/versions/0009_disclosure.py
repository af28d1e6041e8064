"""What each document under review discloses: a final account, a budget, or something else."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Adds the column; what is read already is told apart when the server starts."""
    op.add_column("document", sa.Column("disclosure", sa.String(10), nullable=False, server_default=""))
