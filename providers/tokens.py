"""The one writer of tokens, and the one reader of what a machine sends as one."""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from knox.crypto import hash_token
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from providers.models import ApiToken, User

PREFIX = "nrm_"  # so that a token that lies about can be recognized as one
LENGTH = len(PREFIX) + 64
DAYS = (7, 30, 90)
MOST = 10  # live tokens of one user


class UnableToMakeToken(ValueError):
    """Says why, in the reader's language."""


@transaction.atomic
def make_token(*, user: User, label: str, days: int, at: datetime) -> tuple[ApiToken, str]:
    """The token's row, and the token itself, which is kept nowhere."""
    if days not in DAYS:
        raise UnableToMakeToken(_("Choose for how many days from the list."))
    holder = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    ApiToken.objects.filter(user=holder).exclude(expiry__gt=at).delete()
    if ApiToken.objects.filter(user=holder).count() >= MOST:
        raise UnableToMakeToken(_("There are 10 tokens already. End one that is not used."))
    digest, token = get_digest_token(PREFIX)
    row = ApiToken(
        user=holder,
        label=label,
        digest=digest,
        token_key=_key(token),
        ending=token[-4:],
        password_mark=holder.get_session_auth_hash(),
        created=at,
        expiry=at + timedelta(days=days),
    )
    row.save(force_insert=True)
    return row, token


def end_token(*, token: ApiToken) -> None:
    """It opens nothing from now on."""
    ApiToken.objects.filter(pk=token.pk).delete()


def end_tokens_of(*, user: User) -> None:
    """All of them: the account is closed, has no role left, or has a new password."""
    ApiToken.objects.filter(user=user).delete()


def tokens_of(user: User, at: datetime):
    """Those that still open something, newest first."""
    return ApiToken.objects.filter(user=user).live(at).newest_first()


def holder_of(token: bytes, at: datetime) -> ApiToken | None:
    """The live token with its user; None for all else that may be sent. Reads only."""
    if len(token) != LENGTH or not token.isascii():
        return None
    text = token.decode("ascii")
    digest = hash_token(text)
    same_key = ApiToken.objects.filter(token_key=_key(text)).select_related("user")
    found = next((one for one in same_key if compare_digest(one.digest, digest)), None)
    if found is None or found.expiry <= at or not _may_sign_in(found.user):
        return None
    mark = found.user.get_session_auth_hash()
    return found if compare_digest(found.password_mark, mark) else None


def _may_sign_in(user: User) -> bool:
    """As on the pages: an open account, and a second factor where one is asked for."""
    if not user.is_active:
        return False
    return not settings.SECOND_FACTOR_REQUIRED or is_mfa_enabled(user)


def _key(token: str) -> str:
    return token[: CONSTANTS.TOKEN_KEY_LENGTH]
