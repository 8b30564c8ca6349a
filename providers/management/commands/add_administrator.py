from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from providers.models import Organization
from providers.people import UnableToChangeAccount, open_account
from providers.vocabulary import OrganizationKind, Role


class Command(BaseCommand):
    help = (
        "Add the first administrator, who adds everybody else and reads no case. Prints the "
        "password once; it is kept nowhere else."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("--organization", required=True, help="its name; made if it is new")
        parser.add_argument("--kind", choices=OrganizationKind.values, default="ngo")

    @transaction.atomic
    def handle(self, *args, username: str, organization: str, kind: str, **options) -> None:
        employer = Organization.objects.filter(name=organization).order_by("id").first()
        employer = employer or Organization.objects.create(name=organization, kind=kind)
        try:
            user, password = open_account(
                username=username, name="", organization=employer, role=Role.ADMINISTRATOR
            )
        except UnableToChangeAccount as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user.username}  {password}")
