"""Runs the migrations on the connection that `archive.database.migrate` hands over."""

from alembic import context

import handoff_service.archive.tables  # noqa: F401 (known to the metadata by being imported)
from handoff_service.archive.models import Model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
