"""Seasons, filings and the steps they take."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.String(27)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "season",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False, unique=True),
        sa.Column("profile", sa.String(60), nullable=False),
        sa.Column("approved", sa.String(10), nullable=False),
        sa.Column("creator", sa.String(60), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
    )
    op.create_table(
        "filing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("season_id", sa.Integer, sa.ForeignKey("season.id"), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("attachments", sa.Text, nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("warnings", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("correction", sa.Text, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("updated_by", sa.String(60), nullable=False),
    )
    op.create_index("filing_of_season", "filing", ["organisation_id", "season_id"], unique=True)
    op.create_table(
        "filing_step",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("filing_id", sa.Integer, sa.ForeignKey("filing.id"), nullable=False),
        sa.Column("step", sa.String(12), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("moment", MOMENT, nullable=False),
    )
    op.create_index("step_of_filing", "filing_step", ["filing_id", "id"])
