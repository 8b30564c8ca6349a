from __future__ import annotations

from django.urls import path

from routing import views

app_name = "routing"
urlpatterns = [
    path("needs/<uuid:need_id>/choices/", views.shortlist, name="shortlist"),
    path("needs/<uuid:need_id>/choices/panel/", views.panel, name="panel"),
    path("needs/<uuid:need_id>/choices/all/", views.choose_all, name="choose_all"),
    path("needs/<uuid:need_id>/choices/<uuid:service_id>/", views.check, name="check"),
    path("needs/<uuid:need_id>/choices/<uuid:service_id>/offer/", views.choose, name="choose"),
    path("needs/<uuid:need_id>/source/", views.source, name="source"),
    path("decisions/<uuid:decision_id>/", views.decision, name="decision"),
]
