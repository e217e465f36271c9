# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Servers for the crash tests: lovebankd with some of its sources compiled otherwise. Each is called
# lovebankd and has a directory of its own, so that a test finds it by LOVEBANK_BIN_DIR.

# lovebank_server_variant(<target> DIR <dir> SOURCES <files> [INCLUDE <dirs>] [DEFINITIONS <names>])
# The objects of SOURCES come before the archives, which then are not asked for the originals.
function(lovebank_server_variant target)
    cmake_parse_arguments(arg "" "DIR" "SOURCES;INCLUDE;DEFINITIONS" ${ARGN})
    get_target_property(sources lovebankd SOURCES)
    get_target_property(libraries lovebankd LINK_LIBRARIES)
    get_target_property(definitions lovebankd COMPILE_DEFINITIONS)
    get_property(modules GLOBAL PROPERTY LB_MODULES)
    foreach(module IN LISTS modules)
        lovebank_seen_by(lb_${module} seen)
        list(APPEND libraries ${seen})
    endforeach()
    list(REMOVE_DUPLICATES libraries)
    add_executable(${target} ${arg_SOURCES} ${sources})
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME lovebankd
        RUNTIME_OUTPUT_DIRECTORY "${arg_DIR}")
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/server" ${arg_INCLUDE})
    target_compile_definitions(${target} PRIVATE ${definitions} ${arg_DEFINITIONS})
    target_link_libraries(${target} PRIVATE ${libraries})
endfunction()

# The server that ends itself at a named step. The steps are those of base/test_point.h, and stand
# in these two modules.
set(LB_POINTS_DIR "${PROJECT_BINARY_DIR}/variants/points")
file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/server/engine/src/*.c"
                                    "${PROJECT_SOURCE_DIR}/server/store/src/*.c")
lovebank_server_variant(lovebankd_points
    DIR "${LB_POINTS_DIR}"
    SOURCES "${PROJECT_SOURCE_DIR}/server/base/src/test_point.c" ${sources}
    DEFINITIONS LB_TEST_POINTS)
set_property(TEST crash_kill_at_points APPEND PROPERTY ENVIRONMENT
    "LOVEBANK_BIN_DIR=${LB_POINTS_DIR}" "LOVEBANK_VERIFIER=$<TARGET_FILE:lovebankd>")

# tests/canary/<crash test>/<module>-<file>.patch plants a bug in server/<module>/src/<file>.c. The
# crash test must pass without it and fail with it, saying what the patch says it will.
file(GLOB patches CONFIGURE_DEPENDS "${LB_TESTS_DIR}/canary/*/*-*.patch")
list(FILTER patches EXCLUDE REGEX "/canary/test_[^/]*/[^/]*$")
foreach(patch IN LISTS patches)
    lovebank_planted_source("${patch}")
    lovebank_server_variant(lovebankd_${name}
        DIR "${PROJECT_BINARY_DIR}/variants/${name}"
        SOURCES "${source}"
        INCLUDE "${PROJECT_SOURCE_DIR}/server/${module}/src")
    add_test(NAME canary_${name}
        COMMAND "${Python3_EXECUTABLE}" "${LB_TESTS_DIR}/canary/expect_caught.py" "${patch}"
                "$<TARGET_FILE_DIR:lovebankd>" "$<TARGET_FILE_DIR:lovebankd_${name}>"
                "${LB_TESTS_DIR}/crash/${test}.py")
    lovebank_set_test(canary_${name} canary 300)
    set_property(TEST canary_${name} PROPERTY ENVIRONMENT
        "LOVEBANK_SOURCE_DIR=${PROJECT_SOURCE_DIR}" PYTHONDONTWRITEBYTECODE=1)
endforeach()
