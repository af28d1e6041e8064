"""One list of findings for a filing, what its unit says to them, and what was sent in each time."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NUMBERS = ("settled", "missing", "notices", "unexplained", "counted")


def upgrade() -> None:
    """Adds the columns; findings get the cells that they stand beside, of which none were kept."""
    for name in NUMBERS:
        op.add_column("filing", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.add_column("filing", sa.Column("explanations", sa.Text, nullable=False, server_default="{}"))
    op.add_column("filing_step", sa.Column("content", sa.String(64), nullable=False, server_default=""))
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, findings, revision FROM filing WHERE findings <> '[]'")).all()
    for identity, text, revised in rows:
        found = json.loads(text)
        levels = [one["severity"] for one in found]
        connection.execute(
            sa.text(
                "UPDATE filing SET findings = :found, errors = :errors, warnings = :warnings, notices = :notices, "
                "unexplained = :warnings, settled = :revised, counted = :revised WHERE id = :id"
            ),
            {
                "found": json.dumps([{"issue": one} for one in found], ensure_ascii=False), "id": identity,
                "errors": levels.count("error"), "warnings": levels.count("warning"),
                "notices": levels.count("notice"), "revised": revised,
            },
        )
