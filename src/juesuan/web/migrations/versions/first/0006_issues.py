"""What checking found on a filing is kept as issues: severity, code, message, equation, basis and advice."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEPT = ("code", "message", "equation", "basis", "advice")


def upgrade() -> None:
    """Renames the level of what was found, and leaves out what the register says of its code."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, findings FROM filing WHERE findings <> '[]'")).all()
    for identity, text in rows:
        found = [
            {"severity": one["level"], **{name: one[name] for name in KEPT if name in one}} for one in json.loads(text)
        ]
        connection.execute(
            sa.text("UPDATE filing SET findings = :found WHERE id = :id"),
            {"found": json.dumps(found, ensure_ascii=False), "id": identity},
        )
