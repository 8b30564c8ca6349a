"""The product's addresses, and two where what seldom happens happens each time."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as those_of_the_product


def broken(_request):
    raise RuntimeError("Meant: this page shows what a fault looks like.")


def too_often(request):
    return render(request, "429.html", status=429)


urlpatterns = [*those_of_the_product, path("broken/", broken), path("too-often/", too_often)]
