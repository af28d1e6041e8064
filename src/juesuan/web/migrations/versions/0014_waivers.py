"""What a waiver holds in, final accounts or budgets: the two of one unit and year have findings of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

DOCUMENTS = (
    "EXISTS (SELECT 1 FROM document WHERE document.organisation_id = waiver.organisation_id "
    "AND document.year = waiver.year AND document.disclosure {kind})"
)
"""Whether the unit has documents of a kind in the year of a waiver; one that does not say it counts as an account."""


def upgrade() -> None:
    """Adds the kind. A waiver held in all documents of its unit and year: where there are documents of both kinds it is
    entered for each, so that nothing that a reviewer accepted is an open finding again.
    """
    op.add_column("waiver", sa.Column("kind", sa.String(10), nullable=False, server_default="决算"))
    op.drop_index("waiver_of_finding", "waiver")
    op.create_index("waiver_of_finding", "waiver", ["organisation_id", "year", "kind", "fingerprint"], unique=True)
    budgets = DOCUMENTS.format(kind="= '预算'")
    accounts = DOCUMENTS.format(kind="<> '预算'")
    op.execute(sa.text(f"UPDATE waiver SET kind = '预算' WHERE {budgets} AND NOT {accounts}"))
    op.execute(sa.text(
        "INSERT INTO waiver (organisation_id, year, kind, fingerprint, reason, author, created) "
        "SELECT organisation_id, year, '预算', fingerprint, reason, author, created FROM waiver "
        f"WHERE kind = '决算' AND {budgets}"
    ))
