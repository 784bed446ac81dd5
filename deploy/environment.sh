#!/bin/sh
# Builds .venv from requirements.lock, or says what is missing and how to install it.
# Run from the project's root. Done in a moment when nothing has changed.
#
# It needs Python 3.10, which uv can find or fetch, and uv, which any Python 3 can bring.
set -eu

lock=requirements.lock
installed=.venv/installed.lock # a copy of the lock that .venv was built from

say() { printf '%s\n' "$*" >&2; }

# A name on PATH is not enough: a pyenv shim is there for versions that do not run.
is_python_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; }

find_uv() {
    for uv in uv .tools/uv/bin/uv "$HOME/.local/bin/uv"; do
        "$uv" --version >/dev/null 2>&1 && return
    done
    say "Fetching uv, which installs the rest …"
    for python in python3 python3.10 python; do
        rm -rf .tools/uv
        "$python" -m venv .tools/uv >/dev/null 2>&1 || continue
        # Settings for a person's own installs would put uv elsewhere.
        env -u PIP_TARGET -u PIP_PREFIX PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 \
            .tools/uv/bin/python -m pip install --quiet --require-hashes -r deploy/uv.txt || break
        uv=.tools/uv/bin/uv
        return
    done
    rm -rf .tools/uv
    say "Could not find or install uv. Install it, then try again:"
    say "  Debian, Ubuntu:  apt-get install python3-venv && make environment"
    say "  elsewhere:       https://docs.astral.sh/uv/getting-started/installation/"
    exit 1
}

make_venv() {
    wanted=3.10
    for python in python3.10 python3 python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python; do
        is_python_310 "$python" && wanted=$(command -v "$python") && break
    done
    "$uv" venv --quiet --clear --python "$wanted" .venv && return
    say "Python 3.10 is needed, and uv could neither find nor fetch it. One of these installs it:"
    say "  anywhere:      $uv python install 3.10"
    say "  with pyenv:    pyenv install 3.10"
    say "  Ubuntu 22.04:  apt-get install python3.10"
    exit 1
}

[ "${1-}" = uv ] || ! cmp -s "$lock" "$installed" || ! is_python_310 .venv/bin/python || exit 0
find_uv
if [ "${1-}" = uv ]; then # for the Makefile: where uv is
    echo "$uv"
    exit 0
fi
is_python_310 .venv/bin/python || make_venv
say "Installing the locked environment into .venv (2.6 GB, once) …"
rm -f "$installed"
"$uv" pip sync --quiet --require-hashes --python .venv/bin/python "$lock"
cp "$lock" "$installed"
