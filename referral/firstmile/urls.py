from __future__ import annotations

from django.urls import path

from referral.firstmile import views

app_name = "firstmile"
urlpatterns = [
    path("note/", views.note, name="note"),
    path("note/code/", views.look, name="look"),
    path("desk/", views.desk, name="desk"),
    path("desk/who/", views.desks, name="desks"),
    path("desk/who/<uuid:duty_id>/end/", views.end_desk, name="end_desk"),
    path("desk/counts/", views.counts, name="counts"),
    path("desk/<uuid:signal_id>/", views.signal, name="signal"),
    path("desk/<uuid:signal_id>/take/", views.take, name="take"),
    path("desk/<uuid:signal_id>/open/", views.open_case, name="open"),
    path("desk/<uuid:signal_id>/needs/", views.needs, name="needs"),
    path("desk/<uuid:signal_id>/join/", views.join, name="join"),
    path("desk/<uuid:signal_id>/pass/", views.pass_on, name="pass_on"),
    path("desk/<uuid:signal_id>/close/", views.end, name="end"),
]
