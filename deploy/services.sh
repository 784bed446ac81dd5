#!/bin/sh
# Checks that PostgreSQL and nginx are there, which the tests of several workers start for
# themselves. With --install, installs them where that is possible (root on Debian or Ubuntu).
set -eu

has_postgresql() {
    for folder in $(echo "$PATH" | tr : ' ') /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
        [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && return
    done
    return 1
}

has_nginx() { PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx >/dev/null; }

has_both() { has_postgresql && has_nginx; }

has_both && exit 0
if [ "${1-}" = --install ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    # A cluster of the machine's own and a started nginx are of no use here.
    [ -e /etc/postgresql-common/createcluster.conf ] || {
        mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    }
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -qq --no-install-recommends postgresql nginx-light >/dev/null
    has_both && exit 0
fi
echo "The tests of several workers need PostgreSQL and nginx. Install them, then try again:" >&2
echo "  Debian, Ubuntu:  apt-get install postgresql nginx-light   (or: deploy/services.sh --install)" >&2
exit 1
