#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Static checks of the sources and documents. Prints "check NAME: ok" or "check NAME: failed" for each.
#
# usage: scripts/check.sh [format|tidy|cppcheck|headers|links]...      (default: all)
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

# The clang build tree: its compile commands are the ones clang-tidy understands.
tree=build/asan
jobs=2

# Prints the C files with one of the given suffixes under the given folders, each ended by NUL.
sources() {
    local suffixes=$1
    shift
    find "$@" -regextype posix-extended -regex ".*\.($suffixes)" -print0 | sort -z
}

configure() {
    cmake --preset asan >/dev/null && cmake --build "$tree" --target lb_proto -- -j$jobs >/dev/null
}

check_format() {
    sources 'c|h' include server client tests examples | xargs -0 clang-format --dry-run -Werror
}

check_tidy() {
    configure && sources c server client |
        xargs -0 -n 1 -P $jobs clang-tidy --quiet -p "$tree" 2> >(grep -v 'warnings\? generated' >&2)
}

check_cppcheck() {
    local includes=(-I include)
    for dir in server/*/include client/intake/include client/cli client/cli/*/; do
        includes+=(-I "$dir")
    done
    cppcheck --quiet --error-exitcode=1 --std=c11 --library=posix -j $jobs --inline-suppr \
        --enable=warning,performance,portability --suppress=missingIncludeSystem \
        --suppressions-list=cmake/cppcheck-suppressions.txt "${includes[@]}" server client
}

check_headers() {
    configure && cmake --build "$tree" --target structure_headers -- -j$jobs >/dev/null
}

check_links() {
    python3 scripts/check_links.py .
}

names=("$@")
if ((${#names[@]} == 0)); then
    names=(format tidy cppcheck headers links)
fi
failed=0
for name in "${names[@]}"; do
    case $name in
    format | tidy | cppcheck | headers | links) ;;
    *)
        echo "usage: scripts/check.sh [format|tidy|cppcheck|headers|links]..." >&2
        exit 2
        ;;
    esac
    if "check_$name"; then
        echo "check $name: ok"
    else
        echo "check $name: failed"
        failed=1
    fi
done
exit $failed
