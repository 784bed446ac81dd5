#!/bin/sh
# Looks at what the guide depends on. Run from the project's root, after `make environment`:
#   sh deploy/tools.sh audit   known advisories against requirements.lock
#   sh deploy/tools.sh sbom    a CycloneDX list of everything installed, to var/sbom.json
# The tools have an environment of their own (deploy/tools.lock), in .tools/looking.
set -eu

lock=deploy/tools.lock
home=.tools/looking
accepted=deploy/accepted-advisories.txt # an id, a date, and why it does not matter here

say() { printf '%s\n' "$*" >&2; }

if ! cmp -s "$lock" "$home/installed.lock"; then
    uv=$(sh deploy/environment.sh uv)
    "$uv" venv --quiet --clear --python 3.10 "$home"
    "$uv" pip sync --quiet --require-hashes --python "$home/bin/python" "$lock"
    cp "$lock" "$home/installed.lock"
fi

# A place that lists packages and knows of no advisory says "none found" of everything. So it is
# first asked about a version that has some.
advisories_can_be_reached() {
    asked=$(mktemp)
    echo 'requests==2.31.0' > "$asked"
    found=$("$home/bin/pip-audit" -r "$asked" --no-deps --disable-pip --progress-spinner off 2>&1) || true
    rm -f "$asked"
    case $found in *CVE-*|*GHSA-*|*PYSEC-*) return 0 ;; esac
    return 1
}

audit() {
    if ! advisories_can_be_reached; then
        say "Skipped: advisories cannot be reached from here, so that nothing is known of $1."
        return 0
    fi
    set -- -r "$1" --require-hashes --disable-pip --progress-spinner off
    for id in $(sed -n 's/^\([A-Z][A-Z0-9-]*\) .*/\1/p' "$accepted"); do
        set -- "$@" --ignore-vuln "$id"
    done
    "$home/bin/pip-audit" "$@" && return
    say "Judge each of these: update it (make lock), or write into $accepted why it does not matter."
    return 1
}

case ${1-} in
    audit) audit requirements.lock ;;
    sbom)
        mkdir -p var
        "$home/bin/cyclonedx-py" environment --pyproject pyproject.toml --output-reproducible \
            --of JSON -o var/sbom.json .venv/bin/python
        say "Written: var/sbom.json"
        ;;
    *) say "usage: sh deploy/tools.sh audit | sbom"; exit 2 ;;
esac
