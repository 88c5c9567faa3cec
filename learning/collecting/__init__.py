"""Collects what customers asked the bot, and what came of it, out of closed conversations."""
