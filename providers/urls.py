"""Addresses of the directory. `home` and `leave` are everybody's, so they have no prefix."""

from __future__ import annotations

from django.urls import include, path

from providers.views import availability, directory, people, session

DIRECTORY = [
    path("services/", directory.services, name="directory"),
    path("services/<uuid:pk>/", directory.service, name="service"),
    path("places/", directory.places, name="places"),
    path("availability/", availability.mine, name="availability"),
    path("availability/all/", availability.all_still_correct, name="all_still_correct"),
    path("availability/undo/", availability.undo, name="undo"),
    path("availability/<uuid:pk>/", availability.set_free, name="set_free"),
    path("availability/<uuid:pk>/close/", availability.close, name="close"),
    path("availability/<uuid:pk>/open/", availability.reopen, name="reopen"),
    path("people/", people.accounts, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/<uuid:pk>/", people.account, name="person"),
    path("people/<uuid:pk>/password/", people.new_password, name="new_password"),
    path("people/<uuid:pk>/second-factor/", people.second_factor, name="second_factor"),
    path("people/<uuid:pk>/close/", people.close, name="close_account"),
    path("people/<uuid:pk>/open/", people.reopen, name="reopen_account"),
    path("people/<uuid:pk>/end/<uuid:membership>/", people.end, name="end_role"),
]

urlpatterns = [
    path("", session.home, name="home"),
    path("leave/", session.leave, name="leave"),
    path("", include((DIRECTORY, "providers"))),
]
