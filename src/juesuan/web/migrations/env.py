"""Run by Alembic on the connection that `juesuan.web.migration` hands over."""

from alembic import context

from juesuan.web.infra.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
