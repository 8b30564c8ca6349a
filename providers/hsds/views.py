"""The API of HSDS 3.1 over the directory. It only reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from providers import listed
from providers.hsds import documents, find, openapi, patches, taxonomies
from providers.hsds.asked import LISTS, ONE, Asked
from providers.hsds.door import Asks, Document, Door, ListDoor
from providers.hsds.terms import TAXONOMIES, all_terms
from providers.models import Organization, Service

VERSION = "3.1"
AT_ONCE = 50  # organizations of which the services are read together


class Root(Door):
    """What this API is, and where its description is."""

    def get(self, request: Request) -> Response:
        def address(name: str) -> str:
            return request.build_absolute_uri(reverse(f"hsds:{name}"))

        return Response(
            {
                "version": VERSION,
                "profile": address("profile"),
                "openapi_url": address("openapi"),
            }
        )


class Description(Door):
    def get(self, request: Request) -> Response:
        base = request.build_absolute_uri(reverse("hsds:root"))
        return Response(openapi.description(base=base.rstrip("/")))


class Profile(Door):
    """The profile: which schemas it changes, by JSON Merge Patch (RFC 7396)."""

    def get(self, request: Request) -> Response:
        here = request.build_absolute_uri(reverse("hsds:profile"))
        return Response(patches.index(here))


class Patch(Door):
    def get(self, request: Request, name: str) -> Response:
        found = patches.all_patches().get(name)
        if found is None:
            raise Http404
        return Response(found, content_type="application/merge-patch+json")


# ------------------------------------------------------------------------- services
class Services(ListDoor):
    allowed = LISTS["services"]

    def rows(self, asked: Asked) -> QuerySet:
        return find.services(asked, user=self.request.user)

    def count(self, rows: QuerySet) -> int:
        return rows.count()

    def documents(self, rows, asked, first, last) -> Iterable[Document]:
        page = listed.in_full(rows)[first:last]
        return (self.document(listed.as_listed(one), asked) for one in page)

    def stream(self, rows, asked) -> Iterable[Document]:
        return (self.document(one, asked) for one in listed.listed(rows, user=self.request.user))

    def document(self, one: listed.Listed, asked: Asked) -> Document:
        if asked["minimal"]:
            return documents.minimal(one)
        if asked["full"]:
            return documents.service(one, profile=asked.profile)
        return documents.service_row(one)


class AtLocations(Services):
    allowed = LISTS["service_at_locations"]

    def rows(self, asked: Asked) -> QuerySet:
        return find.at_locations(asked, user=self.request.user)

    def document(self, one: listed.Listed, asked: Asked) -> Document:
        if asked["full"]:
            return documents.service_at_location(one, profile=asked.profile)
        return documents.service_at_location_row(one, profile=asked.profile)


class OneService(Asks):
    allowed = ONE["services"]

    def get(self, request: Request, id: UUID) -> Response:
        asked = self.asked()
        row = get_object_or_404(listed.in_full(self.rows()), pk=id)
        return Response(self.document(listed.as_listed(row), asked))

    def rows(self) -> QuerySet:
        return listed.seen_by(self.request.user)

    def document(self, one: listed.Listed, asked: Asked) -> Document:
        return documents.service(one, profile=asked.profile)


class OneAtLocation(OneService):
    allowed = ONE["service_at_locations"]

    def rows(self) -> QuerySet:
        return find.at_locations(Asked({}), user=self.request.user)

    def document(self, one: listed.Listed, asked: Asked) -> Document:
        return documents.service_at_location(one, profile=asked.profile)


# ------------------------------------------------------------------------- organizations
class Organizations(ListDoor):
    allowed = LISTS["organizations"]

    def rows(self, asked: Asked) -> QuerySet:
        return find.organizations(asked, user=self.request.user)

    def count(self, rows: QuerySet) -> int:
        return rows.count()

    def documents(self, rows, asked, first, last) -> Iterable[Document]:
        return self.inside(list(rows[first:last]), asked)

    def stream(self, rows, asked) -> Iterator[Document]:
        left = rows.iterator(chunk_size=AT_ONCE)
        while some := list(islice(left, AT_ONCE)):
            yield from self.inside(some, asked)

    def inside(self, organizations: Iterable[Organization], asked: Asked) -> list[Document]:
        if not (asked["full"] or asked["full_service"]):
            told = (listed.organization_told(one) for one in organizations)
            return [documents.organization_row(one) for one in told]
        return in_full(organizations, asked, user=self.request.user)


def in_full(organizations: Iterable[Organization], asked: Asked, *, user) -> list[Document]:
    """Each organization with the services that this user may see."""
    own: dict[str, list[listed.Listed]] = {str(one.pk): [] for one in organizations}
    services = Service.objects.filter(organization__in=list(own)).by_name()
    for one in listed.listed(services, user=user):
        own[one.listing.organization.source_id].append(one)
    told = {"full_service": bool(asked["full_service"]), "profile": asked.profile}
    return [documents.organization(services, **told) for services in own.values() if services]


class OneOrganization(Asks):
    allowed = ONE["organizations"]

    def get(self, request: Request, id: UUID) -> Response:
        asked = self.asked()
        row = get_object_or_404(find.organizations(Asked({}), user=request.user), pk=id)
        return Response(in_full([row], asked, user=request.user)[0])


# ------------------------------------------------------------------------- taxonomies
class Taxonomies(ListDoor):
    allowed = LISTS["taxonomies"]

    def rows(self, asked: Asked) -> list[Any]:
        return taxonomies.found(asked)

    def documents(self, rows, asked, first, last) -> Iterable[Document]:
        return self.stream(rows[first:last], asked)

    def stream(self, rows, asked) -> Iterable[Document]:
        return (taxonomies.taxonomy(one) for one in rows)


class Terms(Taxonomies):
    allowed = LISTS["taxonomy_terms"]

    def rows(self, asked: Asked) -> list[Any]:
        return taxonomies.terms_found(asked)

    def stream(self, rows, asked) -> Iterable[Document]:
        return (taxonomies.term(one) for one in rows)


class OneTaxonomy(Asks):
    allowed = ONE["taxonomies"]

    def get(self, request: Request, id: UUID) -> Response:
        self.asked()
        for one in TAXONOMIES.values():
            if one.id == id:
                return Response(taxonomies.taxonomy(one))
        raise Http404


class OneTerm(Asks):
    allowed = ONE["taxonomy_terms"]

    def get(self, request: Request, id: UUID) -> Response:
        self.asked()
        if id not in all_terms():
            raise Http404
        return Response(taxonomies.term(all_terms()[id]))
