"""New names for things: URL-safe, unguessable, with a letter that says what they name."""

import secrets

#: 16 random bytes: nobody guesses one, two never meet.
RANDOM_BYTES = 16


def new_id(prefix: str) -> str:
    """Return e.g. `c_4f…` : the prefix, an underscore, 32 hexadecimal digits."""
    return f"{prefix}_{secrets.token_hex(RANDOM_BYTES)}"


def new_conversation_id() -> str:
    """Name a conversation."""
    return new_id("c")


def new_customer_id() -> str:
    """Name a customer."""
    return new_id("u")


def new_visit_id() -> str:
    """Name the visit of one browser."""
    return new_id("v")


def new_agent_id() -> str:
    """Name an agent's account."""
    return new_id("a")


def new_worker_id() -> str:
    """Name one process's consumer in a Redis consumer group."""
    return new_id("w")


def new_notice_id() -> str:
    """Name a notice of a known problem: short, since people type it to withdraw one."""
    return f"n_{secrets.token_hex(4)}"
