"""The demo company's index and the real embedding model, shared with the tests of the bot."""

from tests.bot.conftest import embedding_model, kb_dir

__all__ = ["embedding_model", "kb_dir"]
