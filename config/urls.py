"""Addresses of the installed apps, and of sign-in; sign-up, email and reset pages do not exist."""

from __future__ import annotations

from allauth.account import views as account
from django.apps import apps
from django.urls import include, path

ACCOUNT = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
APPS = ["providers", "referral", "referral.identity", "referral.justice", "routing"]

urlpatterns = [
    path("accounts/", include(ACCOUNT)),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path("", include(f"{app}.urls")) for app in APPS if apps.is_installed(app)),
]
