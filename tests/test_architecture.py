"""The house rules, each with a planted violation where a rule could silently stop looking."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.models import CASCADE, ForeignKey
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver, reverse

from referral.models import Case, Need

HOME = Path(__file__).resolve().parent.parent
OURS = ["providers", "referral", "routing"]
SEALED = ["identity", "justice", "firstmile", "finding", "pathways", "screening", "voice"]
LINT = "from importlinter.cli import lint_imports_command as run; run()"


def sources(*suffixes: str, under: tuple[str, ...] = (*OURS, "config", "tests")) -> list[Path]:
    found = [path for top in under for path in (HOME / top).rglob("*") if path.suffix in suffixes]
    return sorted(path for path in found if "migrations" not in path.parts)


def shown(path: Path) -> str:
    return str(path.relative_to(HOME))


# ------------------------------------------------------------------------- imports
def lint_imports(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=folder, capture_output=True, text=True
    )


def test_the_import_contracts_are_kept():
    done = lint_imports(HOME)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    for app in OURS:
        ignored = shutil.ignore_patterns("static", "templates", "data", "__pycache__", "locale")
        shutil.copytree(HOME / app, folder / app, ignore=ignored)
    shutil.copy(HOME / "pyproject.toml", folder)
    return folder


ORDER = "routing > referral > providers, never back"
SEAL = "nobody imports the sealed apps"
DETOUR = "nothing reaches the sealed apps by a detour, nor does one reach the other"


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("referral/services/__init__.py", "import routing", ORDER),
        ("referral/signals.py", "from routing import models", ORDER),
        ("providers/services.py", "import referral.lifecycle", ORDER),
        ("providers/services.py", "import routing.engine", ORDER),
        ("routing/models.py", "import referral.identity", SEAL),
        ("routing/models.py", "import referral.justice.models", SEAL),
        ("referral/services/__init__.py", "import referral.identity.models", SEAL),
        ("referral/__init__.py", "import referral.justice", SEAL),
        ("referral/models/__init__.py", "def late():\n    import referral.identity", DETOUR),
        ("providers/services.py", "import referral.justice", SEAL),
        ("referral/justice/models.py", "import referral.identity.models", DETOUR),
        ("routing/case_facts.py", "import referral.screening.judge", SEAL),
        ("referral/screening/models.py", "import referral.justice.models", DETOUR),
        ("referral/access.py", "import referral.finding.law", SEAL),
        ("routing/services.py", "import referral.finding.models", SEAL),
        ("referral/finding/models.py", "import referral.justice.models", DETOUR),
        ("routing/case_facts.py", "import referral.pathways.law.facts", SEAL),
        ("referral/services/__init__.py", "import referral.pathways.models", SEAL),
        ("referral/pathways/law/__init__.py", "import django.db", "law as data knows neither"),
        ("routing/engine/__init__.py", "import django.db", "the engine knows neither Django"),
        ("routing/engine/__init__.py", "import celery", "the engine knows neither Django"),
        ("routing/engine/__init__.py", "import referral.lifecycle", "the engine knows neither"),
        ("referral/lifecycle.py", "import config.settings", "nobody imports config"),
        ("referral/models/needs.py", "import referral.services", "models know neither services"),
        ("providers/models/areas.py", "import providers.services", "models know neither services"),
    ],
)
def test_a_planted_import_breaks_its_contract(copied_house, module, line, contract):
    path = copied_house / module
    former = path.read_text()
    try:
        path.write_text(f"{former}\n{line}\n")
        done = lint_imports(copied_house)
    finally:
        path.write_text(former)
    assert done.returncode != 0
    assert re.search(rf"^{re.escape(contract)}.* BROKEN$", done.stdout, re.M), done.stdout


# ------------------------------------------------------------------------- the seal, in the ORM
def names_itself(field) -> bool:
    """Whether the model at the other end could reach back through this field."""
    return not field.remote_field.hidden


def fields_out_of_the_sealed_apps():
    return [
        field
        for label in SEALED
        for model in apps.get_app_config(label).get_models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.is_relation
    ]


def test_no_relation_out_of_a_sealed_app_can_be_followed_back():
    fields = fields_out_of_the_sealed_apps()
    assert fields
    assert [str(field) for field in fields if names_itself(field)] == []


def test_the_check_of_relations_sees_one_that_names_itself():
    assert names_itself(ForeignKey("referral.Case", on_delete=CASCADE))
    assert names_itself(ForeignKey("referral.Case", on_delete=CASCADE, related_name="story"))
    assert not names_itself(ForeignKey("referral.Case", on_delete=CASCADE, related_name="+"))


@pytest.mark.parametrize("model", [Case, Need])
def test_a_case_and_a_need_cannot_name_the_sealed_apps(model):
    reachable = {field.related_model for field in model._meta.get_fields() if field.is_relation}
    assert not {one._meta.label for one in reachable if one and one._meta.app_label in SEALED}


def goes_round_the_contracts(source: str) -> bool:
    """Whether some code reaches a model by name: through the registry, or through a hidden "+"."""
    names = {"get_model", "get_models", "get_containing_app_config", "all_models"}
    names |= {"_relation_tree", "related_objects", "fields_map"}
    nodes = list(ast.walk(ast.parse(source)))
    hiding = {id(one.value) for one in nodes if getattr(one, "arg", "") == "related_name"}
    return any(
        (isinstance(node, ast.Attribute) and node.attr in names)
        or (isinstance(node, ast.Name) and node.id in names)
        or (
            isinstance(node, ast.Constant) and str(node.value)[:1] == "+" and id(node) not in hiding
        )
        for node in nodes
    )


def test_routing_reaches_no_model_by_name():
    paths = sources(".py", under=("routing",))
    assert [shown(path) for path in paths if goes_round_the_contracts(path.read_text())] == []


@pytest.mark.parametrize(
    "line",
    ["apps.get_model('identity.Person')", "get_model('x', 'y')", "q.filter(**{'+__isnull': True})"],
)
def test_the_check_of_names_sees_a_planted_use(line):
    assert goes_round_the_contracts(line)


# ------------------------------------------------------------------------- constraints
def our_models():
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]


def test_every_constraint_and_index_has_a_name_that_someone_chose():
    unnamed = [
        f"{model._meta.label}: {one.name}"
        for model in our_models()
        for one in (*model._meta.constraints, *model._meta.indexes)
        if not one.name or re.search(r"_[0-9a-f]{6,8}(_idx)?$", one.name) or "_" not in one.name
    ]
    assert unnamed == []


def test_no_uniqueness_is_left_without_a_constraint_of_its_own():
    assert [model._meta.label for model in our_models() if model._meta.unique_together] == []


def test_every_foreign_key_says_why_its_on_delete_was_chosen():
    silent = [
        f"{shown(path)}:{number}"
        for path in sources(".py", under=tuple(OURS))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\bon_delete=", line) and "#" not in line
    ]
    assert silent == []


# ------------------------------------------------------------------------- files
def test_no_file_is_longer_than_500_lines():
    paths = sources(".py", ".html", ".css", ".js")
    lengths = {shown(path): len(path.read_text().splitlines()) for path in paths}
    assert {path: lines for path, lines in lengths.items() if lines > 500} == {}


def test_no_module_is_a_drawer_for_everything():
    drawers = {"core", "utils", "util", "common", "helpers", "misc", "shared"}
    found = [path for path in sources(".py") if drawers & {path.stem, *path.parent.parts[-3:]}]
    assert [shown(path) for path in found] == []


CLOCKS = re.compile(r"\b(timezone|datetime)\.(now|utcnow)\b|\bdate\.today\b|\blocaldate\(")


def test_there_is_one_clock():
    users = [
        shown(path) for path in sources(".py", under=tuple(OURS)) if CLOCKS.search(path.read_text())
    ]
    assert users == ["providers/clock.py"]


@pytest.mark.parametrize("line", ["at = timezone.now()", "default=timezone.now,", "date.today()"])
def test_the_check_of_clocks_sees_a_planted_one(line):
    assert CLOCKS.search(line)


# ------------------------------------------------------------------------- templates and addresses
FRAMEWORK = ("account/", "mfa/", "allauth/", "400", "403", "404", "409", "413", "429", "500")


def test_every_template_is_used():
    text = "\n".join(path.read_text() for path in sources(".py", ".html"))
    unused = []
    for path in sources(".html", ".txt", ".svg", under=tuple(OURS)):
        if "templates" in path.parts:
            name = "/".join(path.parts[path.parts.index("templates") + 1 :])
            if not name.startswith(FRAMEWORK) and not re.search(
                rf"[\"']{re.escape(name)}[#\"']", text
            ):
                unused.append(name)
    assert unused == []


def test_every_template_compiles():
    for path in sources(".html", under=tuple(OURS)):
        if "templates" in path.parts:
            get_template("/".join(path.parts[path.parts.index("templates") + 1 :]))


def named_patterns(patterns, namespaces=()):
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = (*namespaces, one.namespace) if one.namespace else namespaces
            yield from named_patterns(one.url_patterns, inner)
        elif one.name:
            yield ":".join((*namespaces, one.name)), one.pattern.converters


EXAMPLES = {"IntConverter": 7, "UUIDConverter": "6f1c1f0e-8d2b-4c59-9f0a-2f5b6a7c8d9e"}


@pytest.mark.parametrize(
    ("name", "converters"), sorted(named_patterns(get_resolver().url_patterns))
)
def test_every_address_reverses(name, converters):
    kwargs = {key: EXAMPLES.get(type(one).__name__, "a") for key, one in converters.items()}
    assert reverse(name, kwargs=kwargs).startswith("/")


ADDRESS = re.compile(
    r"\{%-?\s*url\s+[\"']([\w:-]+)[\"']|\b(?:reverse|reverse_lazy|redirect)\(\s*[\"']([\w:-]+)[\"']"
)


def test_every_address_that_code_or_a_template_names_exists():
    known = {name for name, _ in named_patterns(get_resolver().url_patterns)}
    named = {
        (shown(path), a or b)
        for path in sources(".py", ".html", under=(*OURS, "config"))
        for a, b in ADDRESS.findall(path.read_text())
    }
    assert sorted(f"{path}: {name}" for path, name in named if name not in known) == []


BEYOND_MODELS = (RunPython, RunSQL, SeparateDatabaseAndState)


@pytest.mark.parametrize("app", ["providers", "referral", "identity", "justice", "routing"])
def test_a_migration_makes_what_the_models_say_and_no_more(app):
    """So the suite's second half, on SQLite, may make its tables from the models (see Makefile)."""
    migrations = MigrationLoader(None).disk_migrations
    ours = [one for (label, _name), one in migrations.items() if label == app]
    assert ours
    beyond = [
        f"{one.app_label}.{one.name}: {type(step).__name__}"
        for one in ours
        for step in one.operations
        if isinstance(step, BEYOND_MODELS)
    ]
    assert not beyond, f"take --no-migrations out of `make test`, or do without: {beyond}"
