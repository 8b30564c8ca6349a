"""Every change of a state, as the database saw it: also those that no function of ours tells of."""

from __future__ import annotations

from django.db import connection

TABLES = {"need": "referral_need", "referral": "referral_referral", "case": "referral_case"}
KEEP = "create table moves_seen (what text, source text, target text)"
ON_SQLITE = """
create trigger see_{what} after update of state on {table} when new.state <> old.state
begin insert into moves_seen values ('{what}', old.state, new.state); end
"""
FUNCTION = """
create function see_move() returns trigger language plpgsql as $$
begin
    if new.state <> old.state then
        insert into moves_seen values (tg_argv[0], old.state, new.state);
    end if;
    return new;
end $$
"""
ON_POSTGRESQL = """
create trigger see_{what} after update on {table}
    for each row execute function see_move('{what}')
"""


def look() -> None:
    """From now on, for as long as this transaction is not rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP)
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        on = ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL
        for what, table in TABLES.items():
            cursor.execute(on.format(what=what, table=table))


def moves_seen() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("select what, source, target from moves_seen")
        return cursor.fetchall()


def forget_moves() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from moves_seen")
