#!/bin/sh
# Looks at the guide's code and at what it depends on. Run from the project's root, after
# `make environment`:
#   sh deploy/tools.sh audit   known advisories against requirements.lock
#   sh deploy/tools.sh sbom    a CycloneDX list of everything installed, to var/sbom.json
#   sh deploy/tools.sh mutate [NAME …]   changes in bot/core/rules that no test notices
#   sh deploy/tools.sh mutants [NAME …]  what the last `mutate` found, with each change
#   sh deploy/tools.sh clients [FOLDER]   Teams and Slack in Microsoft's and Slack's own programs, with
#                              pictures of what Teams shows (needs Node)
#   sh deploy/tools.sh deployments   the files of deploy/ against the schemas of what reads them
# The tools have environments of their own (deploy/*.lock), in .tools/.
set -eu

accepted=deploy/accepted-advisories.txt # an id, a date, and why it does not matter here

say() { printf '%s\n' "$*" >&2; }

environment() { # the lock's name, which is also the folder's; sets home
    lock=deploy/$1.lock
    home=.tools/$1
    cmp -s "$lock" "$home/installed.lock" && return
    uv=$(sh deploy/environment.sh uv)
    "$uv" venv --quiet --clear --python .venv/bin/python "$home"
    "$uv" pip sync --quiet --require-hashes --python "$home/bin/python" "$lock"
    cp "$lock" "$home/installed.lock"
}

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

# Whole runs begin anew: mutmut keeps what it found before, though the tests may have changed since.
mutate() {
    [ $# -gt 0 ] || rm -rf mutants
    TEST_ROUNDS=few nice -n 19 "$home/bin/mutmut" run --max-children 2 "$@"
    "$home/bin/python" -m bench.mutants
}

microsoft() { # Microsoft's programs, from npm; sets node_modules
    home=.tools/microsoft
    node_modules=$home/node_modules
    cmp -s deploy/clients/package-lock.json "$home/installed.json" && return
    command -v npm >/dev/null || { say "This needs Node and npm."; exit 1; }
    mkdir -p "$home"
    cp deploy/clients/package.json deploy/clients/package-lock.json "$home"
    npm ci --prefix "$home" --silent --no-audit --no-fund --ignore-scripts
    cp deploy/clients/package-lock.json "$home/installed.json"
}

clients() { # Bolt sees the guide's own packages, at the versions of its lock
    failed=0
    PYTHONPATH=$home/lib/python3.10/site-packages .venv/bin/python -m bench.bolt || failed=1
    microsoft
    .venv/bin/python -m bench.teams_cards "$node_modules" "$1" || failed=1
    .venv/bin/python -m bench.playground "$node_modules" "$1" || failed=1
    return $failed
}

command=${1-}
[ $# -eq 0 ] || shift
case $command in
    audit)
        environment tools
        audit requirements.lock
        ;;
    sbom)
        environment tools
        mkdir -p var
        "$home/bin/cyclonedx-py" environment --pyproject pyproject.toml --output-reproducible \
            --of JSON -o var/sbom.json .venv/bin/python
        say "Written: var/sbom.json"
        ;;
    deployments)
        environment checks
        "$home/bin/hadolint" deploy/Dockerfile
        "$home/bin/check-jsonschema" --builtin-schema vendor.compose-spec deploy/compose*.yml
        "$home/bin/kubernetes-validate" --strict --quiet deploy/kubernetes/*.yml
        ;;
    clients)
        sh deploy/browser.sh
        environment clients
        clients "${1-var/clients}"
        ;;
    mutate)
        environment mutate
        mutate "$@"
        ;;
    mutants)
        environment mutate
        "$home/bin/python" -m bench.mutants --changes "$@"
        ;;
    *) say "usage: sh deploy/tools.sh audit | sbom | clients | deployments | mutate | mutants"; exit 2 ;;
esac
