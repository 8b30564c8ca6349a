from __future__ import annotations

from django.urls import path

from referral.justice import views

app_name = "justice"
urlpatterns = [
    path("cases/<uuid:case_id>/own-words/", views.record, name="record"),
    path("cases/<uuid:case_id>/own-words/panel/", views.panel, name="panel"),
    path("cases/<uuid:case_id>/own-words/close/", views.close, name="close"),
]
