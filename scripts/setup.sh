#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Installs what is missing from Debian, and says what it does. Run it as often as you like: when
# nothing is missing it changes nothing and does not touch the network.
#
# usage: scripts/setup.sh [run|web|test|compare|ha]
#   run      what building and running needs (default)
#   web      what building the pages needs (scripts/web.sh)
#   test     all of it, and the tools of scripts/test.sh. Where services are managed, Debian starts
#            nginx, haproxy, etcd and patroni when they are installed, and makes and starts a cluster
#            of PostgreSQL; the tests run all of them themselves, on sockets and networks of their
#            own, and touch none of those. So stop them afterwards:
#            systemctl disable --now nginx haproxy etcd patroni postgresql
#   compare  run, and what bench/compare.sh measures beside us. Debian's PostgreSQL makes and starts
#            a cluster of its own when it is installed; we leave it alone
#   ha       what the highly available database consists of; packaging/ha/Dockerfile installs it in its
#            image
set -euo pipefail

run_packages=(
    build-essential cmake ninja-build pkg-config python3
    libcmocka-dev libcsv-dev libedit-dev libevent-dev libicu-dev libinih-dev libjansson-dev
    liblmdb-dev libpq-dev libprotobuf-c-dev libsmartcols-dev libsodium-dev libssl-dev libxlsxwriter-dev
    libxxhash-dev libzstd-dev protobuf-c-compiler zlib1g-dev
)
web_packages=(nodejs protobuf-compiler python3-protobuf)
if ! command -v npm >/dev/null; then
    web_packages+=(npm) # packages of nodejs other than Debian's bring it along
fi
test_packages=(
    chromium clang clang-format clang-tidy cppcheck curl docker-compose fish fonts-noto-cjk gcovr git
    libclang-rt-14-dev libreoffice-calc-nogui nginx-light openssl patch sslscan zsh
)
compare_packages=(libsqlite3-dev postgresql-15 wrk)
ha_packages=(
    etcd-client etcd-server haproxy iproute2 libfaketime nftables patroni postgresql-15 python3
    python3-yaml
)

case "${1:-run}" in
run) wanted=("${run_packages[@]}") ;;
web) wanted=("${web_packages[@]}") ;;
test)
    wanted=("${run_packages[@]}" "${web_packages[@]}" "${ha_packages[@]}" "${test_packages[@]}")
    ;;
compare) wanted=("${run_packages[@]}" "${compare_packages[@]}") ;;
ha) wanted=("${ha_packages[@]}") ;;
*)
    echo "usage: scripts/setup.sh [run|web|test|compare|ha]" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is not Debian. Install the equivalents of: ${wanted[*]}" >&2
    exit 1
fi

missing=()
for package in "${wanted[@]}"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    if [[ $status != installed ]]; then
        missing+=("$package")
    fi
done

if ((${#missing[@]} == 0)); then
    echo "setup: all ${#wanted[@]} packages are installed"
    exit 0
fi

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "setup: run this as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

echo "setup: installing ${missing[*]}"
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet=2
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
"${apt[@]}" update </dev/null
"${apt[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null
echo "setup: done"
