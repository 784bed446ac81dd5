#!/bin/sh
# Checks that the browser tests have a browser. With --install, installs one where that is
# possible (root on Debian or Ubuntu), as on a build machine. With --others, installs Firefox and
# WebKit there, for `make check-browsers`.
set -eu

has_browser() {
    playwrights=${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}
    for name in "${CHROMIUM:-chromium}" chromium chromium-browser google-chrome \
        "$playwrights"/chromium-*/chrome-linux*/chrome; do
        "$name" --version >/dev/null 2>&1 && return
    done
    return 1
}

install() { # packages of Debian's
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$@" >/dev/null
}

if [ "${1-}" = --others ]; then
    for name in firefox-esr WebKitWebDriver xvfb-run; do
        command -v $name >/dev/null || missing=$name
    done
    [ -z "${missing-}" ] || install firefox-esr webkit2gtk-driver xvfb xauth || {
        echo "This needs Firefox and WebKit: apt-get install firefox-esr webkit2gtk-driver xvfb" >&2
        exit 1
    }
    exit 0
fi
has_browser && exit 0
if [ "${1-}" = --install ] && install chromium; then
    has_browser && exit 0
fi
echo "The browser tests need Chromium. Install it, then try again:" >&2
echo "  Debian, Ubuntu:  apt-get install chromium" >&2
exit 1
