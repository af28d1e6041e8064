"""What a year and a publication disclose, final account or budget: each has a season and versions of its own."""

import sqlalchemy as sa
from alembic import op

from juesuan.statute import StatuteError, load_statute

revision = "0013"
down_revision = "0012"

UNNAMED = {"uq": "unnamed_%(table_name)s_%(column_0_name)s"}


def upgrade() -> None:
    """Adds the kind of a season, says that of each publication, and lets two of one year stand beside each other."""
    op.add_column("season", sa.Column("kind", sa.String(10), nullable=False, server_default="决算"))
    embedded = op.get_bind().dialect.name == "sqlite"
    old = "unnamed_season_year" if embedded else "season_year_key"
    with op.batch_alter_table("season", naming_convention=UNNAMED) as batch:
        batch.drop_constraint(old, type_="unique")
        batch.create_unique_constraint("season_of_year", ["year", "kind"])
    with op.batch_alter_table("publication") as batch:
        batch.drop_constraint("publication_version", type_="unique")
        batch.create_unique_constraint("publication_version", ["organisation_id", "year", "kind", "version"])
    for table in ("season", "publication"):
        _say_kinds(table)
    _choose_current()


def _say_kinds(table: str) -> None:
    """The kind follows from the profile; one that is no longer known was of final accounts."""
    connection = op.get_bind()
    for (profile,) in connection.execute(sa.text(f"SELECT DISTINCT profile FROM {table}")).all():
        try:
            kind = load_statute(profile).profile.kind
        except StatuteError:
            kind = "决算"
        connection.execute(
            sa.text(f"UPDATE {table} SET kind = :kind WHERE profile = :profile"), {"kind": kind, "profile": profile}
        )


def _choose_current() -> None:
    """A budget and an account that superseded each other under one number are both current; what they are found by is
    entered when the server starts.
    """
    op.get_bind().execute(sa.text(
        "UPDATE publication SET current = (state = 'published' AND version = (SELECT MAX(other.version) "
        "FROM publication AS other WHERE other.organisation_id = publication.organisation_id "
        "AND other.year = publication.year AND other.kind = publication.kind AND other.state = 'published'))"
    ))
