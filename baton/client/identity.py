"""Signs who a customer is, as the server of a website does (docs/protocol.md)."""

from collections.abc import Sequence
from time import time

import jwt

#: Seconds that an identity is good for: longer than any run of checks, shorter than is allowed.
LIFETIME_S = 3600


def sign_identity(secret: str, *, customer_id: str, flags: Sequence[str] = ()) -> str:
    """Return the token by which a site says who its customer is.

    Args:
        secret: the BATON_IDENTITY_SECRET of the system.
        customer_id: the site's own id of the customer.
        flags: of the customer's account, for instance vip.
    """
    claims = {
        "sub": customer_id,
        "aud": "baton",
        "exp": int(time()) + LIFETIME_S,
        "flags": list(flags),
    }
    return jwt.encode(claims, secret, algorithm="HS256")
