from __future__ import annotations

from django.urls import path

from referral.screening import cards, views

app_name = "screening"
urlpatterns = [
    path("cases/<uuid:case_id>/first-look/", views.look, name="look"),
    path("cases/<uuid:case_id>/first-look/so-far/", views.result, name="result"),
    path("cases/<uuid:case_id>/first-look/panel/", views.panel, name="panel"),
    path("cases/<uuid:case_id>/first-look/propose/", views.propose, name="propose"),
    path("card/", cards.card, name="card"),
    path("card/worker.js", cards.worker, name="card_worker"),
]
