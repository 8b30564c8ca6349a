"""The one writer of accounts and roles after they are made: whoever runs this reads no case."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from providers import tokens
from providers.models import Area, Membership, Organization, User
from providers.services import add_membership, add_user
from providers.vocabulary import Role

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
READS_CASES = (Role.CASEWORKER, Role.SUPERVISOR, Role.SPECIALIST, Role.PROVIDER)


class UnableToChangeAccount(ValueError):
    """Says why, in the reader's language."""


def password() -> str:
    """About 79 bits, in groups that can be read out."""
    groups = ("".join(secrets.choice(LETTERS) for _each in range(4)) for _group in range(4))
    return "-".join(groups)


@transaction.atomic
def open_account(
    *, username: str, name: str, organization: Organization, role: Role, areas: Iterable[Area] = ()
) -> tuple[User, str]:
    """A new account with one role, and its first password, which is kept nowhere else."""
    first = password()
    try:
        with transaction.atomic():
            user = add_user(username=username, password=first, first_name=name)
    except IntegrityError:
        raise UnableToChangeAccount(_("This user name is taken. Write another one.")) from None
    add_membership(user=user, organization=organization, role=role, areas=areas)
    return user, first


@transaction.atomic
def give_role(
    *, user: User, organization: Organization, role: Role, by: User, areas: Iterable[Area] = ()
) -> Membership:
    """One more role. Nobody gives roles to themselves, and who runs this never reads cases."""
    _not_oneself(user, by)
    held = set(Membership.objects.of(user).values_list("role", flat=True)) | {role}
    if Role.ADMINISTRATOR in held and held & set(READS_CASES):
        raise UnableToChangeAccount(
            _("An administrator reads no case: use a second account for the other role.")
        )
    try:
        with transaction.atomic():
            return add_membership(user=user, organization=organization, role=role, areas=areas)
    except IntegrityError:
        raise UnableToChangeAccount(_("This account has that role already.")) from None


@transaction.atomic
def end_role(*, membership: Membership, by: User, at: datetime) -> None:
    """From now on the role opens nothing."""
    _not_oneself(membership.user, by)
    Membership.objects.active().filter(pk=membership.pk).update(ended_at=at)
    if not Membership.objects.of(membership.user).exists():
        tokens.end_tokens_of(user=membership.user)


@transaction.atomic
def close_account(*, user: User, by: User) -> None:
    """Nobody can sign in with it any more; whoever is signed in now is out, machines too."""
    _not_oneself(user, by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    tokens.end_tokens_of(user=user)


def reopen_account(*, user: User, by: User) -> None:
    _not_oneself(user, by)
    User.objects.filter(pk=user.pk).update(is_active=True)


@transaction.atomic
def renew_password(*, user: User, by: User) -> str:
    """A new password, kept nowhere else; sessions and tokens under the old one end."""
    _not_oneself(user, by)
    new = password()
    user.set_password(new)
    user.save(update_fields=["password"])
    tokens.end_tokens_of(user=user)
    return new


def remove_second_factor(*, user: User, by: User) -> None:
    """The telephone is lost: the next sign-in asks to set up another."""
    _not_oneself(user, by)
    Authenticator.objects.filter(user=user).delete()


def _not_oneself(user: User, by: User) -> None:
    """So that at least one administrator always remains, and no right is taken by oneself."""
    if user.pk == by.pk:
        raise UnableToChangeAccount(_("Another administrator has to do this for your own account."))
