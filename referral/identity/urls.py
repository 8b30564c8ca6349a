from __future__ import annotations

from django.urls import path

from referral.identity import views

app_name = "identity"
urlpatterns = [
    path("cases/<uuid:case_id>/person/", views.identity, name="open"),
    path("cases/<uuid:case_id>/person/panel/", views.panel, name="panel"),
    path("cases/<uuid:case_id>/person/print/", views.on_paper, name="print"),
    path("cases/<uuid:case_id>/person/same/", views.same, name="same"),
    path("inbox/<uuid:referral_id>/names/", views.names, name="names"),
    path("cases/<uuid:case_id>/person/write/", views.write, name="write"),
]
