# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Programs that measure. Built with the tests, so that they do not fall behind; run by hand and by
# the scripts of bench/. LB_BENCH adds those that need packages which nothing else needs
# (scripts/setup.sh compare).

# lovebank_bench(<name> [SOURCES <files of bench/>] LIBS <targets>): bench/<name>.c, or SOURCES
function(lovebank_bench name)
    cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
    if(NOT arg_SOURCES)
        set(arg_SOURCES ${name}.c)
    endif()
    list(TRANSFORM arg_SOURCES PREPEND "${PROJECT_SOURCE_DIR}/bench/")
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bench")
    target_link_libraries(${name} PRIVATE ${arg_LIBS} lb_warnings)
endfunction()

lovebank_bench(engine_cost LIBS lb_engine lb_store lb_people lb_wire Threads::Threads)
lovebank_bench(limit SOURCES limit/main.c limit/server.c limit/client.c limit/journal.c
    limit/syncs.c lib/measure.c
    LIBS PkgConfig::libevent_core PkgConfig::libxxhash Threads::Threads)
add_test(NAME bench_limit COMMAND limit --seconds 1 --connections 8 --in-flight 2 --batch 10)
set_tests_properties(bench_limit PROPERTIES LABELS bench TIMEOUT 60)
lovebank_bench(lmdb_loop SOURCES compare/lmdb_loop.c lib/measure.c LIBS PkgConfig::lmdb)

lovebank_bench(service_load SOURCES postgres/service_load.c lib/measure.c lib/postgres_link.c
    LIBS PkgConfig::libpq PkgConfig::libevent_core Threads::Threads)

# How bench/scale.sh adds up loads that ran beside each other.
add_test(NAME bench_scale_loads COMMAND bash "${PROJECT_SOURCE_DIR}/bench/postgres/check_loads.sh")
set_tests_properties(bench_scale_loads PROPERTIES LABELS bench TIMEOUT 60)

# The figures of docs/scale.md are those the simulation prints, and it keeps its own invariants.
add_test(NAME bench_scale_simulation COMMAND "${Python3_EXECUTABLE}"
    "${PROJECT_SOURCE_DIR}/bench/scale_simulation.py" --check "${PROJECT_SOURCE_DIR}/docs/scale.md")
set_tests_properties(bench_scale_simulation PROPERTIES LABELS bench TIMEOUT 120
    ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)

if(LB_BENCH)
    pkg_check_modules(sqlite3 REQUIRED QUIET IMPORTED_TARGET sqlite3)
    lovebank_bench(sqlite_loop SOURCES compare/sqlite_loop.c lib/measure.c
        LIBS PkgConfig::sqlite3)
    lovebank_bench(postgres_load SOURCES compare/postgres_load.c lib/measure.c
        lib/postgres_link.c
        LIBS PkgConfig::libpq PkgConfig::libevent_core)
endif()
