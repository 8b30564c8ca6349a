#!/bin/sh
# Makes .venv and installs one lock into it: sh requirements/install.sh run|dev
# A stamp named after the lock's checksum makes the second time a matter of milliseconds.
set -eu

say() { echo "OpenNRM: $*" >&2; exit 1; }
suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

lock=requirements/$1.txt
python=.venv/bin/python
stamp=.venv/.$1-$(cksum < "$lock" | tr ' ' '-')
[ -e "$stamp" ] && suits "$python" && exit 0

if ! { suits "$python" && "$python" -m pip --version >/dev/null 2>&1; }; then
    for found in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        suits "$found" && break
        found=
    done
    [ -n "$found" ] || say "Python 3.11 or newer is needed; ${PYTHON:-python3} is missing or older. Name one: make run PYTHON=/path/to/python3"
    "$found" -c 'import ensurepip, venv' 2>/dev/null || say "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"
    "$found" -m venv --clear .venv || say "the folder .venv could not be made with $found"
fi

echo "Installing the packages of $lock (once) ..."
"$python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$lock" \
    || say "the packages of $lock could not be installed; the lines above say why"
rm -f .venv/."$1"-*
touch "$stamp"
# The development lock holds everything the product needs, in the same versions.
[ "$1" = run ] || touch ".venv/.run-$(cksum < requirements/run.txt | tr ' ' '-')"
