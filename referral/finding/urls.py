from __future__ import annotations

from django.urls import path

from referral.finding import caseworker, views

app_name = "finding"
urlpatterns = [
    path("cases/<uuid:case_id>/talk/", views.overview, name="open"),
    path("cases/<uuid:case_id>/talk/write/", views.write, name="write"),
    path("cases/<uuid:case_id>/talk/compare/", views.compare, name="compare"),
    path("cases/<uuid:case_id>/talk/lawyer/", views.compelled, name="compelled"),
    path("cases/<uuid:case_id>/talk/help/", views.propose, name="propose"),
    path("talk/<uuid:finding_id>/share/", views.share, name="share"),
    path("cases/<uuid:case_id>/talk/panel/", caseworker.panel, name="panel"),
    path("cases/<uuid:case_id>/talk/result/", caseworker.result, name="result"),
    path("cases/<uuid:case_id>/talk/new/", caseworker.told_something, name="told"),
    path("referrals/<uuid:referral_id>/note/", caseworker.note, name="note"),
]
