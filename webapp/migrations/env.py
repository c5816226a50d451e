"""Alembic's entry: one connection, one transaction per migration."""

from alembic import context

from webapp.models import Base

engine = context.config.attributes["engine"]
with engine.execution_options(write=True).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
