"""Live state in Redis: one Lua script per transition, one class per subject."""

from handoff_service.store.connection import Store, open_store

__all__ = ["Store", "open_store"]
