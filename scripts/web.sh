#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Builds the pages of client/web into build/web, which lovebankd serves (setting web-dir). Installs
# what is missing first. When nothing has changed since the last time it does nothing.
#
# usage: scripts/web.sh [build|check|test]
#   build    check, and bundle (default)
#   check    type check only
#   test     build, and run the unit tests; those in a browser are ctest's: ctest -L web
set -euo pipefail
cd "$(dirname "$0")/.."

web=client/web
out=build/web
state=build/web-state # what was built from which sources

die() {
    echo "web: $*" >&2
    exit 1
}

# One line for all files and times under the given paths: it differs when any of them does.
fingerprint() {
    find "$@" -type f -printf '%p %T@ %s\n' | LC_ALL=C sort | sha256sum | cut -d ' ' -f 1
}

# fresh NAME FINGERPRINT: was that what NAME was last done for?
fresh() {
    [[ -f $state/$1 && $(<"$state/$1") == "$2" ]]
}

install_packages() {
    local locked
    locked=$(sha256sum "$web/package.json" "$web/package-lock.json" | sha256sum | cut -d ' ' -f 1)
    if [[ ! -d $web/node_modules ]] || ! fresh packages "$locked"; then
        npm --prefix "$web" ci --no-audit --no-fund --loglevel=error
        echo "$locked" >"$state/packages"
    fi
}

generate() {
    local inputs
    inputs=$(fingerprint proto include/lovebank/result.h server/result/src/result.c \
        client/cli/say/words.c "$web/tools/generate.mjs" "$web/package-lock.json")
    if [[ ! -d $web/src/gen ]] || ! fresh gen "$inputs"; then
        node "$web/tools/generate.mjs"
        echo "$inputs" >"$state/gen"
    fi
}

check() {
    local inputs=$1
    if ! fresh check "$inputs"; then
        (cd "$web" && node node_modules/typescript/bin/tsc --project .)
        echo "$inputs" >"$state/check"
    fi
}

bundle() {
    local inputs=$1
    if [[ ! -f $out/manifest.json ]] || ! fresh bundle "$inputs"; then
        # Whoever is served from there sees all of the old pages or all of the new.
        rm -rf "$out.new"
        node "$web/tools/build.mjs" "$out.new"
        rm -rf "$out.old"
        if [[ -d $out ]]; then mv "$out" "$out.old"; fi
        mv "$out.new" "$out"
        rm -rf "$out.old"
        echo "$inputs" >"$state/bundle"
    fi
}

what=${1:-build}
[[ $what == build || $what == check || $what == test ]] || {
    echo "usage: scripts/web.sh [build|check|test]" >&2
    exit 2
}
scripts/setup.sh web >/dev/null || die "a package is missing; see scripts/setup.sh web"
mkdir -p "$state"
exec 9>"$state/lock"
flock 9 # one at a time
install_packages
generate
inputs=$(fingerprint "$web/src" "$web/tools" "$web/index.html" "$web/tsconfig.json" \
    "$web/package-lock.json" proto scripts/make_openapi.py CMakeLists.txt)
check "$inputs"
if [[ $what != check ]]; then
    bundle "$inputs"
fi
if [[ $what == test ]]; then
    node "$web/tools/test.mjs"
fi
