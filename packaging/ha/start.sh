#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Starts one part of the highly available database, as the user it was called by; all settings are in the
# environment (docker-compose.yml) and in the files beside this one.
#
# usage: start.sh etcd|patroni|haproxy
set -eu

here=$(dirname "$0")

need() {
    for name in "$@"; do
        eval "value=\${$name:-}"
        if [ -z "$value" ]; then
            echo "start.sh: $name is empty: set it (packaging/ha/README.md)" >&2
            exit 1
        fi
    done
}

case "${1:-}" in
etcd)
    need ETCD_NAME ETCD_INITIAL_CLUSTER ETCD_LISTEN_PEER_URLS ETCD_LISTEN_CLIENT_URLS
    exec etcd
    ;;
patroni)
    need PATRONI_NAME PATRONI_ETCD_HOSTS PATRONI_SUPERUSER_PASSWORD PATRONI_REPLICATION_PASSWORD \
        PATRONI_REWIND_PASSWORD PATRONI_RESTAPI_PASSWORD LOVEBANK_OWNER_PASSWORD \
        LOVEBANK_DATABASE_PASSWORD PATRONI_RESTAPI_LISTEN PATRONI_POSTGRESQL_LISTEN
    if [ -n "${PATRONI_ETCD3_HOSTS:-}" ]; then
        echo "start.sh: PATRONI_ETCD3_HOSTS loses entries with this Patroni: use PATRONI_ETCD_HOSTS" >&2
        exit 1
    fi
    exec patroni "$here/patroni.yml"
    ;;
haproxy)
    exec haproxy -db -f "$here/haproxy.cfg"
    ;;
*)
    echo "usage: start.sh etcd|patroni|haproxy" >&2
    exit 2
    ;;
esac
