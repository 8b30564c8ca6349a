"""`Authorization: Token …`, and nothing else: no session, so no form of another site acts here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from providers import clock, tokens

SCHEME = "Token"
OPENS_NOTHING = _("This token opens nothing. Make a new one on the page of your account.")


class TokenAuthentication(BaseAuthentication):
    """Unknown, ended, too old, of a closed account, or no token at all: one and the same answer."""

    def authenticate(self, request):
        scheme, _space, sent = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        token = tokens.holder_of(sent.strip(), clock.now())
        if token is None:
            raise AuthenticationFailed(OPENS_NOTHING)
        return token.user, token

    def authenticate_header(self, request) -> str:
        return SCHEME


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token ` and the token, as made on the page of your account.",
        }
