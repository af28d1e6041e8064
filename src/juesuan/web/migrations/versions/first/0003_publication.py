"""Publications with what the portal shows, searches and gives out of them."""

import sqlalchemy as sa
from alembic import op

from juesuan.web.publication import search

revision = "0003"
down_revision = "0002"

MOMENT = sa.String(27)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("profile", sa.String(60), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("nature", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("original", sa.String(80), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("asked", MOMENT, nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.Column("publisher", sa.String(60), nullable=False),
        sa.Column("trouble", sa.Text, nullable=False),
        sa.UniqueConstraint("organisation_id", "year", "version", name="publication_version"),
    )
    op.create_index("publication_by_time", "publication", ["published"])
    op.create_index("publication_by_year", "publication", ["current", "year"])
    op.create_table(
        "passage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        _publication(),
        sa.Column("kind", sa.Integer, nullable=False),
        sa.Column("heading", sa.String(300), nullable=False),
        sa.Column("anchor", sa.String(100), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("passage_of_publication", "passage", ["publication_id", "kind"])
    op.create_table(
        "published_fact",
        sa.Column("id", sa.Integer, primary_key=True),
        _publication(),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("row", sa.String(60), nullable=False),
        sa.Column("row_name", sa.String(200), nullable=False),
        sa.Column("column", sa.String(60), nullable=False),
        sa.Column("column_name", sa.String(200), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("measure", sa.String(10), nullable=False),
        sa.Column("resolution", sa.String(20), nullable=False),
    )
    op.create_index("fact_of_publication", "published_fact", ["publication_id", "form"])
    op.create_table(
        "published_indicator",
        sa.Column("id", sa.Integer, primary_key=True),
        _publication(),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
    )
    op.create_index("indicator_of_publication", "published_indicator", ["publication_id", "key"], unique=True)
    op.create_table(
        "published_form",
        sa.Column("id", sa.Integer, primary_key=True),
        _publication(),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("budget", sa.String(40), nullable=False),
        sa.Column("outlay", sa.String(40), nullable=False),
        sa.Column("score", sa.String(20), nullable=False),
        sa.Column("indicators", sa.Text, nullable=False),
    )
    op.create_index("form_of_publication", "published_form", ["publication_id"])
    search.create(op.get_bind())


def _publication() -> sa.Column[int]:
    return sa.Column("publication_id", sa.Integer, sa.ForeignKey("publication.id"), nullable=False)
