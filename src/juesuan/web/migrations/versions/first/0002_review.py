"""Documents under review, and findings that reviewers accept."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.String(27)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "document",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("uploader", sa.String(60), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("trouble", sa.Text, nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("warnings", sa.Integer, nullable=False),
        sa.Column("notices", sa.Integer, nullable=False),
        sa.Column("due", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("document_by_organisation", "document", ["organisation_id", "year"])
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.String(60), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
    )
    op.create_index("waiver_of_finding", "waiver", ["organisation_id", "year", "fingerprint"], unique=True)
