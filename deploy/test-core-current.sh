#!/bin/sh
# Tests bot/core and the policies on a current Python: Rasa ties the rest to 3.10, which is past
# its end of life. The versions are those of requirements.lock. UV names the uv to use. Few rounds
# are enough: what another Python breaks is broken in the first.
set -eu

# uv finds what is on PATH and its own; pyenv hides its others behind shims that do not run here.
find_python() {
    "$UV" python find --no-python-downloads --no-project "$1" 2>/dev/null && return
    for python in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
        [ -x "$python" ] && echo "$python" && return
    done
    return 1
}

for version in 3.14 3.13 3.12; do
    python=$(find_python "$version") || continue
    echo "bot/core on $("$python" --version):"
    export UV_CONSTRAINT=requirements.lock TEST_ROUNDS=few
    exec "$UV" run --quiet --no-project --isolated --python "$python" \
        --with msgspec --with PyYAML --with holidays --with python-dateutil --with jsonschema \
        --with pytest --with pytest-asyncio --with pytest-xdist --with hypothesis --with httpx \
        --with "$(grep -o "^textstat==[0-9.]*" requirements.lock)" --with "setuptools<81" \
        python -m pytest -q -p no:cacheprovider -n 2 --dist loadgroup tests/core tests/policies
done
echo "bot/core not tested on a current Python: there is no 3.12, 3.13 or 3.14 here."
