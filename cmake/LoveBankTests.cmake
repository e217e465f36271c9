# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Every test is found by its place in tests/, built, and registered with a label and a deadline.

set(LB_TESTS_DIR "${PROJECT_SOURCE_DIR}/tests")

# Deadlines are for plain builds; a sanitizer takes several times as long.
set(LB_TIMEOUT_FACTOR 1)
if(CMAKE_C_FLAGS_DEBUG MATCHES "-fsanitize|--coverage")
    set(LB_TIMEOUT_FACTOR 4)
endif()

function(lovebank_set_test name label timeout_s)
    math(EXPR timeout_s "${timeout_s} * ${LB_TIMEOUT_FACTOR}")
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT ${timeout_s})
endfunction()

# lovebank_test_program(<source> <name> LABEL <label> TIMEOUT <seconds> LIBS <targets>)
function(lovebank_test_program source name)
    cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "LIBS" ${ARGN})
    add_executable(${name} "${source}")
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/bin")
    target_compile_definitions(${name} PRIVATE LB_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_link_libraries(${name} PRIVATE ${arg_LIBS} lb_warnings)
    add_test(NAME ${name} COMMAND ${name})
    lovebank_set_test(${name} ${arg_LABEL} ${arg_TIMEOUT})
endfunction()

# lovebank_test_suite(<folder> <prefix> <label> <timeout_s> <library>)
# Each tests/<folder>/test_*.c becomes a program that links the library and cmocka, nothing else; it
# sees what the library's own sources see.
function(lovebank_test_suite folder prefix label timeout_s library)
    file(GLOB sources CONFIGURE_DEPENDS "${LB_TESTS_DIR}/${folder}/test_*.c")
    lovebank_seen_by(${library} seen)
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM stem)
        lovebank_test_program("${source}" ${prefix}_${stem} LABEL ${label} TIMEOUT ${timeout_s}
            LIBS ${library} ${seen} PkgConfig::cmocka)
    endforeach()
endfunction()

get_property(modules GLOBAL PROPERTY LB_MODULES)
foreach(module IN LISTS modules)
    lovebank_test_suite(unit/${module} unit_${module} unit 60 lb_${module})
endforeach()
# Three have memory refused where they say so.
foreach(name IN ITEMS faults random)
    target_link_options(unit_store_test_journaled_shared_${name} PRIVATE
        "-Wl,--wrap=generation_reserve")
endforeach()
target_link_options(unit_postgres_test_damage PRIVATE
    "-Wl,--wrap=postgres_pack,--wrap=postgres_unpack")
# Those that start a PostgreSQL of their own (tests/postgres/cluster.sh) are found by that, too.
foreach(name IN ITEMS damage faults hosts log open store)
    set_property(TEST unit_postgres_test_${name} APPEND PROPERTY LABELS postgres)
endforeach()
lovebank_test_suite(unit/app unit_app unit 60 lb_app)
lovebank_test_suite(unit/client unit_client unit 60 lovebank)
lovebank_test_suite(unit/client_intake unit_client_intake unit 60 lb_intake)
lovebank_test_suite(unit/client_cli unit_client_cli unit 60 lb_cli)
lovebank_test_suite(contract contract contract 150 lb_postgres)
set_property(TEST contract_test_store_contract contract_test_store_random APPEND PROPERTY
    LABELS postgres)

# tests/model/test_*.c share what is in tests/model/model_*.c.
file(GLOB sources CONFIGURE_DEPENDS "${LB_TESTS_DIR}/model/model_*.c")
lovebank_seen_by(lb_engine seen)
add_library(lb_test_model STATIC ${sources})
target_link_libraries(lb_test_model PUBLIC lb_engine ${seen} PRIVATE lb_warnings)
lovebank_test_suite(model model model 600 lb_test_model)

# tests/crash/crash_*.c are programs over what else is there; the shim, a library of its own, stands
# before the C library. Seeds and amounts: see each program's head.
file(GLOB shim CONFIGURE_DEPENDS "${LB_TESTS_DIR}/crash/shim*.c")
file(GLOB sources CONFIGURE_DEPENDS "${LB_TESTS_DIR}/crash/*.c")
file(GLOB programs CONFIGURE_DEPENDS "${LB_TESTS_DIR}/crash/crash_*.c")
list(REMOVE_ITEM sources ${shim} ${programs})
add_library(lb_test_shim SHARED ${shim})
target_link_libraries(lb_test_shim PRIVATE Threads::Threads lb_warnings)
add_library(lb_test_crash STATIC ${sources})
target_link_libraries(lb_test_crash PUBLIC lb_engine ${seen} PRIVATE lb_warnings)
if(CMAKE_C_FLAGS_DEBUG MATCHES "-fsanitize")
    # What LMDB does with a damaged page would be reported, not survived or explained.
    list(REMOVE_ITEM programs "${LB_TESTS_DIR}/crash/crash_flip.c")
endif()
foreach(source IN LISTS programs)
    cmake_path(GET source STEM stem)
    lovebank_test_program("${source}" ${stem} LABEL crash TIMEOUT 900 LIBS lb_test_shim lb_test_crash)
endforeach()

# tests/sim: server, client library and crashes in one thread. It defines what they use of libevent,
# and the linker sends it their system calls (tests/sim/sim_calls.c).
file(GLOB sources CONFIGURE_DEPENDS "${LB_TESTS_DIR}/sim/sim*.c")
lovebank_seen_by(lb_rpc seen)
lovebank_test_program("${LB_TESTS_DIR}/sim/test_sim.c" sim_test_sim LABEL sim TIMEOUT 300
    LIBS lb_test_model lb_rpc ${seen} lb_net lovebank PkgConfig::libevent_core PkgConfig::cmocka)
target_sources(sim_test_sim PRIVATE ${sources})
target_include_directories(sim_test_sim PRIVATE "${LB_TESTS_DIR}/model"
    "${PROJECT_SOURCE_DIR}/server/net/src" "${PROJECT_SOURCE_DIR}/client/lib/src")
foreach(call IN ITEMS clock_system random_system address_connect net_listen_unix recv send sendmsg
                      shutdown getsockopt close)
    target_link_options(sim_test_sim PRIVATE "-Wl,--wrap=${call}")
endforeach()

# tests/integration, tests/security, tests/crash and tests/postgres drive the real programs. A Python file without a
# main is a module they share, not a test.
foreach(suite IN ITEMS integration security crash postgres)
    file(GLOB scripts CONFIGURE_DEPENDS "${LB_TESTS_DIR}/${suite}/*.py"
                                        "${LB_TESTS_DIR}/${suite}/*.sh")
    list(FILTER scripts EXCLUDE REGEX "/postgres/(cluster\\.sh|over\\.py)$") # they start others
    foreach(script IN LISTS scripts)
        cmake_path(GET script STEM stem)
        cmake_path(GET script EXTENSION extension)
        if(extension STREQUAL ".py")
            file(STRINGS "${script}" main REGEX "__main__")
            if(NOT main)
                continue()
            endif()
            set(command "${Python3_EXECUTABLE}" "${script}")
        else()
            set(command bash "${script}")
        endif()
        add_test(NAME ${suite}_${stem} COMMAND ${command})
        lovebank_set_test(${suite}_${stem} ${suite} 900)
        set_property(TEST ${suite}_${stem} PROPERTY ENVIRONMENT
            "LOVEBANK_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
            "LOVEBANK_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
            PYTHONDONTWRITEBYTECODE=1)
    endforeach()
endforeach()

# Several servers, for the sanitizers too.
set_property(TEST postgres_servers postgres_reads APPEND PROPERTY LABELS integration)

# tests/postgres: these of them again, with their books in PostgreSQL; docs/testing.md says which not.
foreach(stem IN ITEMS bad_input_commands board_bytes cli_access cli_history cli_output cli_shell
                      counter entries erasure exports http_identity http_methods http_stream
                      import_files import_hostile import_random limits login member_find
                      merkle_other_language openings personal_data public_board receipts
                      report_rows reveal scope server_concurrency server_imports server_methods
                      sheet_connection story)
    add_test(NAME postgres_${stem} COMMAND "${Python3_EXECUTABLE}" "${LB_TESTS_DIR}/postgres/over.py"
        "${LB_TESTS_DIR}/integration/${stem}.py")
    lovebank_set_test(postgres_${stem} postgres 900)
    set_property(TEST postgres_${stem} PROPERTY ENVIRONMENT
        "LOVEBANK_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
        "LOVEBANK_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
        PYTHONDONTWRITEBYTECODE=1)
endforeach()

# tests/ha: the profile `ha` of docker-compose.yml in network namespaces; a slice of its faults.
foreach(stem IN ITEMS compose_file self_test canary failover)
    add_test(NAME ha_${stem} COMMAND "${Python3_EXECUTABLE}" "${LB_TESTS_DIR}/ha/${stem}.py")
    lovebank_set_test(ha_${stem} ha 600)
    set_tests_properties(ha_${stem} PROPERTIES RUN_SERIAL TRUE SKIP_RETURN_CODE 77)
    set_property(TEST ha_${stem} PROPERTY ENVIRONMENT
        LOVEBANK_HA_SERVER=lovebankd
        "LOVEBANK_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
        "LOVEBANK_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
        PYTHONDONTWRITEBYTECODE=1)
endforeach()

# tests/web: what needs Node, a browser or the built pages. Building them is a test too, the first.
add_test(NAME web_pages COMMAND bash "${PROJECT_SOURCE_DIR}/scripts/web.sh")
lovebank_set_test(web_pages web 600)
set_tests_properties(web_pages PROPERTIES FIXTURES_SETUP web_pages)
file(GLOB scripts CONFIGURE_DEPENDS "${LB_TESTS_DIR}/web/*.py" "${LB_TESTS_DIR}/web/clients/*.py")
foreach(script IN LISTS scripts)
    cmake_path(GET script STEM stem)
    file(STRINGS "${script}" main REGEX "__main__")
    if(main)
        add_test(NAME web_${stem} COMMAND "${Python3_EXECUTABLE}" "${script}")
        lovebank_set_test(web_${stem} web 600)
        set_tests_properties(web_${stem} PROPERTIES FIXTURES_REQUIRED web_pages)
        set_property(TEST web_${stem} PROPERTY ENVIRONMENT
            "LOVEBANK_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
            "LOVEBANK_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
            PYTHONDONTWRITEBYTECODE=1)
    endif()
endforeach()

# The library of the pages, and each page in a browser; two processors, one for the browser.
add_test(NAME web_unit COMMAND bash "${PROJECT_SOURCE_DIR}/scripts/web.sh" test)
lovebank_set_test(web_unit web 300)
set_tests_properties(web_unit PROPERTIES FIXTURES_REQUIRED web_pages)
file(GLOB scripts CONFIGURE_DEPENDS "${LB_TESTS_DIR}/web/page_*.mjs"
    "${LB_TESTS_DIR}/web/offline.mjs")
foreach(script IN LISTS scripts)
    cmake_path(GET script STEM stem)
    add_test(NAME web_${stem} COMMAND node --test "${script}")
    lovebank_set_test(web_${stem} web 300)
    set_tests_properties(web_${stem} PROPERTIES FIXTURES_REQUIRED web_pages PROCESSORS 2)
    set_property(TEST web_${stem} PROPERTY ENVIRONMENT
        "LOVEBANK_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
        "LOVEBANK_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
endforeach()

# Two of them with their books in PostgreSQL.
foreach(stem IN ITEMS page_board page_desk)
    add_test(NAME postgres_${stem} COMMAND "${Python3_EXECUTABLE}" "${LB_TESTS_DIR}/postgres/over.py"
        "${LB_TESTS_DIR}/web/${stem}.mjs")
    lovebank_set_test(postgres_${stem} web 600)
    set_tests_properties(postgres_${stem} PROPERTIES FIXTURES_REQUIRED web_pages PROCESSORS 2)
    set_property(TEST postgres_${stem} PROPERTY ENVIRONMENT
        "LOVEBANK_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
        "LOVEBANK_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
        PYTHONDONTWRITEBYTECODE=1)
endforeach()

# Its examples use their packages.
set_tests_properties(integration_http_docs PROPERTIES FIXTURES_REQUIRED web_pages)

# tests/web/json_compare.mjs compares server/json, by json_tool, with what browsers use.
add_executable(json_tool "${LB_TESTS_DIR}/web/json_tool.c")
set_target_properties(json_tool PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/bin")
target_link_libraries(json_tool PRIVATE lb_json lb_proto lb_warnings)
add_test(NAME web_json_compare
    COMMAND node "${LB_TESTS_DIR}/web/json_compare.mjs" $<TARGET_FILE:json_tool>)
lovebank_set_test(web_json_compare web 120)
set_tests_properties(web_json_compare PROPERTIES FIXTURES_REQUIRED web_pages)

# What it measures is worth nothing beside other tests.
set_tests_properties(security_floods PROPERTIES RUN_SERIAL TRUE)

# tests/fuzz/<name>.c: a libFuzzer program in the preset `fuzz`; elsewhere its corpus is replayed.
set(fuzz_libraries ${modules})
list(TRANSFORM fuzz_libraries PREPEND lb_)
list(APPEND fuzz_libraries lovebank lb_intake lb_proto)
set(fuzz_login_options "-Wl,--wrap=auth_passwords_submit")
set(fuzz_import_options "-Wl,--wrap=lb_session_call,--wrap=lb_session_submit"
                        "-Wl,--wrap=lb_session_next")
set(fuzz_import_libraries lb_cli)
set(fuzz_config_sources "${PROJECT_SOURCE_DIR}/server/app/options.c")
file(GLOB sources CONFIGURE_DEPENDS "${LB_TESTS_DIR}/fuzz/*.c")
foreach(source IN LISTS sources)
    cmake_path(GET source STEM stem)
    if(LB_FUZZ)
        set(program fuzz_${stem})
        add_executable(${program} "${source}" ${fuzz_${stem}_sources})
        target_link_options(${program} PRIVATE -fsanitize=fuzzer)
    else()
        set(program fuzz_replay_${stem})
        add_executable(${program} "${source}" "${LB_TESTS_DIR}/fuzz/replay/main.c"
            ${fuzz_${stem}_sources})
        add_test(NAME ${program} COMMAND ${program} "${LB_TESTS_DIR}/fuzz/corpus/${stem}")
        lovebank_set_test(${program} fuzz 120)
    endif()
    target_include_directories(${program} PRIVATE "${PROJECT_SOURCE_DIR}/server")
    target_link_libraries(${program} PRIVATE ${fuzz_${stem}_libraries} ${fuzz_libraries})
    target_link_options(${program} PRIVATE ${fuzz_${stem}_options})
endforeach()

# lovebank_planted_source(<patch>)
# tests/canary/<test>/<module>-<file>.patch plants a bug in server/<module>/src/<file>.c. Sets `test`,
# `module`, `source`, the file with the bug, which the build makes, and `name`, the canary's.
function(lovebank_planted_source patch)
    cmake_path(GET patch STEM stem)
    cmake_path(GET patch PARENT_PATH folder)
    cmake_path(GET folder FILENAME test)
    string(REGEX REPLACE "-.*" "" module "${stem}")
    string(REGEX REPLACE "^[^-]*-" "" file "${stem}")
    set(original "${PROJECT_SOURCE_DIR}/server/${module}/src/${file}.c")
    set(patched "${PROJECT_BINARY_DIR}/canary/${test}/${stem}.c")
    file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/canary/${test}")
    add_custom_command(OUTPUT "${patched}"
        COMMAND patch --quiet --output "${patched}" "${original}" "${patch}"
        DEPENDS "${original}" "${patch}"
        VERBATIM)
    set(name "${test}_${stem}" PARENT_SCOPE)
    set(test "${test}" PARENT_SCOPE)
    set(module "${module}" PARENT_SCOPE)
    set(source "${patched}" PARENT_SCOPE)
endfunction()

# The model test built with such a bug must fail: it proves that the test can. Those of the crash
# tests: LoveBankVariants.cmake.
file(GLOB patches CONFIGURE_DEPENDS "${LB_TESTS_DIR}/canary/test_*/*-*.patch")
foreach(patch IN LISTS patches)
    lovebank_planted_source("${patch}")
    # The patched file's object comes before the archive, which then is not asked for the original.
    lovebank_test_program("${LB_TESTS_DIR}/model/${test}.c" canary_${name} LABEL canary TIMEOUT 600
        LIBS lb_test_model PkgConfig::cmocka)
    target_sources(canary_${name} PRIVATE "${source}")
    target_include_directories(canary_${name} PRIVATE "${PROJECT_SOURCE_DIR}/server/${module}/src")
    set_tests_properties(canary_${name} PROPERTIES WILL_FAIL TRUE)
endforeach()

# Sanitizers and coverage have other work than to be killed.
if(NOT CMAKE_C_FLAGS_DEBUG MATCHES "-fsanitize|--coverage")
    include(LoveBankVariants)
endif()
include(LoveBankStructure)
