"""Addresses below /hsds/, as HSDS names them: without a slash at the end."""

from __future__ import annotations

from django.urls import path

from providers.hsds import views

app_name = "hsds"
urlpatterns = [
    path("", views.Root.as_view(), name="root"),
    path("openapi.json", views.Description.as_view(), name="openapi"),
    path("profile/", views.Profile.as_view(), name="profile"),
    path("profile/<slug:name>.json", views.Patch.as_view(), name="patch"),
    path("services", views.Services.as_view(), name="services"),
    path("services/<uuid:id>", views.OneService.as_view(), name="service"),
    path("organizations", views.Organizations.as_view(), name="organizations"),
    path("organizations/<uuid:id>", views.OneOrganization.as_view(), name="organization"),
    path("service_at_locations", views.AtLocations.as_view(), name="service_at_locations"),
    path(
        "service_at_locations/<uuid:id>", views.OneAtLocation.as_view(), name="service_at_location"
    ),
    path("taxonomies", views.Taxonomies.as_view(), name="taxonomies"),
    path("taxonomies/<uuid:id>", views.OneTaxonomy.as_view(), name="taxonomy"),
    path("taxonomy_terms", views.Terms.as_view(), name="taxonomy_terms"),
    path("taxonomy_terms/<uuid:id>", views.OneTerm.as_view(), name="taxonomy_term"),
]
