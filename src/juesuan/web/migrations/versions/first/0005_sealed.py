"""Secrets of one-time codes are kept sealed: those that stood in the clear are sealed here."""

import sqlalchemy as sa
from alembic import context, op

from juesuan.web.infra.sealing import Sealer, totp_owner

revision = "0005"
down_revision = "0004"

LENGTH = 160


def upgrade() -> None:
    """Makes room for what is sealed, seals, and forgets secrets that were shown but not confirmed."""
    for table, column in (("user_account", "totp_secret"), ("signed_in", "pending_totp")):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, type_=sa.String(LENGTH), existing_type=sa.String(64), existing_nullable=False)
    connection = op.get_bind()
    sealer: Sealer = context.config.attributes["sealer"]
    rows = connection.execute(sa.text("SELECT id, totp_secret FROM user_account WHERE totp_secret <> ''")).all()
    for identity, secret in rows:
        connection.execute(
            sa.text("UPDATE user_account SET totp_secret = :sealed WHERE id = :id"),
            {"sealed": sealer.seal(secret, totp_owner(identity)), "id": identity},
        )
    connection.execute(sa.text("UPDATE signed_in SET pending_totp = ''"))
