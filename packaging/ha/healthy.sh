#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Whether the part that start.sh started in this container is well: an etcd that reaches the others, a
# PostgreSQL that Patroni calls ready, a HAProxy that leads to a primary. By the settings one sees which
# part it is. Ends with 1 if it is not well.
#
# usage: healthy.sh
set -eu

if [ -n "${ETCD_NAME:-}" ]; then
    ETCDCTL_API=3 exec etcdctl --command-timeout=3s --endpoints="$ETCD_ADVERTISE_CLIENT_URLS" endpoint health
elif [ -n "${PATRONI_NAME:-}" ]; then
    exec python3 -c 'import os, urllib.request
urllib.request.urlopen("http://" + os.environ["PATRONI_RESTAPI_LISTEN"] + "/readiness", timeout=3)'
else
    exec pg_isready --quiet --host=127.0.0.1 --port=5432 --timeout=3
fi
