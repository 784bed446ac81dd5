#!/bin/sh
# Checks that the browser tests have a browser. With --install, installs one where that is
# possible (root on Debian or Ubuntu), as on a build machine.
set -eu

has_browser() {
    playwrights=${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}
    for name in "${CHROMIUM:-chromium}" chromium chromium-browser google-chrome \
        "$playwrights"/chromium-*/chrome-linux*/chrome; do
        "$name" --version >/dev/null 2>&1 && return
    done
    return 1
}

has_browser && exit 0
if [ "${1-}" = --install ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium >/dev/null
    has_browser && exit 0
fi
echo "The browser tests need Chromium. Install it, then try again:" >&2
echo "  Debian, Ubuntu:  apt-get install chromium" >&2
exit 1
