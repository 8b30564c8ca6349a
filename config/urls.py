"""Addresses of the installed apps, and of sign-in; sign-up, email and reset pages do not exist."""

from __future__ import annotations

from importlib import import_module

from allauth.account import views as account
from django.apps import apps
from django.urls import include, path

from providers.api.views import Unknown

ACCOUNT = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
APPS = [
    "providers",
    "referral",
    "referral.identity",
    "referral.justice",
    "referral.finding",
    "referral.firstmile",
    "referral.pathways",
    "referral.screening",
    "referral.voice",
    "routing",
]
WITH_API = ["providers", "referral", "routing"]
API = [
    pattern
    for app in WITH_API
    if apps.is_installed(app)
    for pattern in import_module(f"{app}.api.urls").urlpatterns
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("api/v1/", include((API, "api"))),
    path("api/<path:rest>", Unknown.as_view(), name="api-unknown"),
    path("hsds/", include("providers.hsds.urls")),
    path("hsds/<path:rest>", Unknown.as_view(), name="hsds-unknown"),
    path("accounts/", include(ACCOUNT)),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path("", include(f"{app}.urls")) for app in APPS if apps.is_installed(app)),
]
