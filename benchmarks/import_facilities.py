"""How long 50,000 facilities take from file to directory, and how much memory.

    python benchmarks/import_facilities.py                      # a 5W workbook, SQLite
    python benchmarks/import_facilities.py --kind facilities    # the Ministry's list, as CSV
    DATABASE_URL=postgres://… python benchmarks/import_facilities.py

It makes the file, then starts one process on an empty database that checks and applies it as a
worker does (slices, batches, claims). Reported: seconds of each step and the process's highest
resident memory. Fails (exit 1) above 60 s or 300 MB.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
MOST_SECONDS, MOST_MB = 60, 300
HEADER = (
    "Service ID", "Organization", "Organization kind", "Service", "Help code", "State", "County",
    "County P-code", "Place", "Place ID", "Place kind", "Latitude", "Longitude", "Phones",
    "Languages", "Reached by", "Exposure",
)  # fmt: skip
TAGS = (
    "#activity+id", "#org+name", "#org+type", "#activity+name", "#activity+code", "#adm1+name",
    "#adm2+name", "#adm2+code", "#loc+name", "#loc+code", "#loc+type", "#geo+lat", "#geo+lon",
    "#contact+phone", "#access+languages", "#channel+code", "#meta+exposure",
)  # fmt: skip


def rows(count: int):
    """Facilities in the counties of South Sudan, each at a point of its own county."""
    from providers.geography import read_boundaries
    from providers.importers.areas import BOUNDARIES, FOLDER

    chance = random.Random(7)
    drawn = read_boundaries(FOLDER / BOUNDARIES)
    counties = [(one, drawn.centre(pcodes=[one.pcode])) for one in drawn.all]
    for n in range(count):
        county, (latitude, longitude) = counties[n % len(counties)]
        yield (
            f"f{n}", f"Organization {n % 400}", "ngo", f"Health centre {n}", "health_ongoing", "",
            county.name, county.pcode, f"Site {n}", f"p{n}", "Primary Health Care Centre",
            round(latitude + chance.uniform(-0.001, 0.001), 6),
            round(longitude + chance.uniform(-0.001, 0.001), 6),
            f"+211 91{n:07d}", "pga; eng", "walk_in", "public",
        )  # fmt: skip


def workbook(path: Path, count: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("5W")
        for n, cells in enumerate((HEADER, TAGS, *rows(count))):
            page.write_row(n, 0, cells)


def facility_list(path: Path, count: int) -> None:
    from providers.importers.facilities import COLUMNS, COUNTY, ID, KIND, LATITUDE, LONGITUDE, NAME

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for one in rows(count):
            writer.writerow({
                ID: one[0], NAME: one[3], KIND: one[10], COUNTY: one[6],
                LATITUDE: one[11], LONGITUDE: one[12],
            })  # fmt: skip


MAKE = {"5w": (workbook, "list.xlsx"), "facilities": (facility_list, "list.csv")}


def child(path: Path, kind: str) -> None:
    """The measured process: what a Celery worker does, without Celery."""
    import django

    django.setup()
    from providers import clock, importing
    from providers.importers import pipeline
    from providers.importers.tables import File
    from providers.models import Import, Service, User

    user = User.objects.get(username="importer")
    resting = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    file = File(path.name, path.read_bytes())
    times = {}

    def timed(name: str, act) -> None:
        start = time.perf_counter()
        act()
        times[name] = round(time.perf_counter() - start, 1)

    def run() -> None:
        while pipeline.work(import_id=one.pk, now=clock.now):
            pass

    cpu = time.process_time()
    one = importing.upload(
        user=user, file=file, source="benchmark", format_name=kind, at=clock.now()
    )
    timed("check", run)
    checked = Import.objects.defer("content").get(pk=one.pk)
    importing.start_applying(one=checked, whole=False, at=clock.now())
    timed("apply", run)
    done = Import.objects.defer("content").get(pk=one.pk)
    print(json.dumps({
        **times,
        "cpu": round(time.process_time() - cpu, 1),
        "rows": done.rows_total, "applied": done.n_applied, "stage": done.stage,
        "services": Service.objects.count(), "resting_mb": round(resting),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }))  # fmt: skip


def prepare() -> None:
    """In a process of its own, so that its memory is not counted."""
    import django

    django.setup()
    from django.core.management import call_command

    from providers import clock, services
    from providers.importers.areas import load_areas
    from providers.models import Organization
    from providers.vocabulary import Role

    call_command("migrate", verbosity=0)
    load_areas(at=clock.now())
    user = services.add_user(username="importer", password=None)
    office = Organization.objects.create(name="Office", kind="un")
    services.add_membership(user=user, organization=office, role=Role.COORDINATOR)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--kind", choices=MAKE, default="5w")
    parser.add_argument("--step", choices=("prepare", "child"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step == "prepare":
        prepare()
        return 0
    if options.step == "child":
        child(options.file, options.kind)
        return 0
    return measure(options.kind, options.rows)


def measure(kind: str, count: int) -> int:
    import django

    django.setup()
    make, name = MAKE[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        make(path, count)
        env = {**os.environ, "DEMO": "1", "DATA_DIR": folder, "PYTHONPATH": str(HOME),
               "DJANGO_SETTINGS_MODULE": "config.settings"}  # fmt: skip
        argv = [sys.executable, __file__, "--kind", kind, "--file", str(path), "--step"]
        subprocess.run([*argv, "prepare"], env=env, check=True)
        done = subprocess.run([*argv, "child"], env=env, check=True, capture_output=True, text=True)
        told = json.loads(done.stdout)
        size = path.stat().st_size / 1024**2
    seconds = told["check"] + told["apply"]
    print(f"{kind}: {told['rows']:,} rows, {size:.1f} MB; {told['applied']:,} applied")
    print(
        f"check {told['check']} s, apply {told['apply']} s: {seconds:.1f} s of {MOST_SECONDS} "
        f"({told['cpu']} s of one processor)"
    )
    print(f"memory: {told['peak_mb']} MB of {MOST_MB} ({told['resting_mb']} before the file)")
    sound = told["stage"] == "applied" and told["applied"] == told["rows"] == count
    return 0 if sound and seconds <= MOST_SECONDS and told["peak_mb"] <= MOST_MB else 1


if __name__ == "__main__":
    sys.path.insert(0, str(HOME))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEMO", "1")
    sys.exit(main())
