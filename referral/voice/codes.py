"""A code that a person can say, write and remember for a moment: twelve signs without look-alikes.

Twelve of thirty signs are 58 bits: at a hundred tries a second against ten thousand codes, half a
chance of one hit takes some four million years. So nobody is locked out after wrong tries, which
would let a stranger close the way to everybody.
"""

from __future__ import annotations

import secrets

from django.utils.crypto import salted_hmac

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
SALT = "referral.voice.code"


def new_code() -> str:
    """`7KMP-2QXA-9HTD`"""
    signs = "".join(secrets.choice(SIGNS) for _n in range(LENGTH))
    return "-".join(signs[n : n + 4] for n in range(0, LENGTH, 4))


def digest_of(code: str) -> str:
    """Of what was typed, however it was spaced; wrong letters simply open nothing."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return salted_hmac(SALT, plain, algorithm="sha256").hexdigest()
