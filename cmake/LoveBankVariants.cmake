# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# For the crash tests: lovebankd with some of its sources compiled otherwise. Each is called lovebankd
# and has a directory of its own, so that a test finds it by LOVEBANK_BIN_DIR. Also the canaries of
# these tests.

# What the modules' own sources see: a source of theirs is compiled here as there.
set(LB_SEEN "")
get_property(modules GLOBAL PROPERTY LB_MODULES)
foreach(module IN LISTS modules)
    lovebank_seen_by(lb_${module} seen)
    list(APPEND LB_SEEN ${seen})
endforeach()
list(REMOVE_DUPLICATES LB_SEEN)

# lovebank_server_variant(<target> DIR <dir> SOURCES <files> [INCLUDE <dirs>] [DEFINITIONS <names>])
# The objects of SOURCES come before the archives, which then are not asked for the originals.
function(lovebank_server_variant target)
    cmake_parse_arguments(arg "" "DIR" "SOURCES;INCLUDE;DEFINITIONS" ${ARGN})
    get_target_property(sources lovebankd SOURCES)
    get_target_property(libraries lovebankd LINK_LIBRARIES)
    get_target_property(definitions lovebankd COMPILE_DEFINITIONS)
    add_executable(${target} ${arg_SOURCES} ${sources})
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME lovebankd
        RUNTIME_OUTPUT_DIRECTORY "${arg_DIR}")
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/server" ${arg_INCLUDE})
    target_compile_definitions(${target} PRIVATE ${definitions} ${arg_DEFINITIONS})
    target_link_libraries(${target} PRIVATE ${libraries} ${LB_SEEN})
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

# tests/canary/<crash test>/<module>-<file>.patch plants a bug in server/<module>/src/<file>.c: in the
# server that a script drives, or in the crash test that is a program itself. It must pass without the
# bug and fail with it, saying what the patch says it will.
file(GLOB patches CONFIGURE_DEPENDS "${LB_TESTS_DIR}/canary/*/*-*.patch")
list(FILTER patches EXCLUDE REGEX "/canary/test_[^/]*/[^/]*$")
foreach(patch IN LISTS patches)
    lovebank_planted_source("${patch}")
    set(include "${PROJECT_SOURCE_DIR}/server/${module}/src")
    if(TARGET ${test})
        set(sound ${test})
        set(planted ${test}_${name})
        get_target_property(libraries ${test} LINK_LIBRARIES)
        add_executable(${planted} "${source}" "${LB_TESTS_DIR}/crash/${test}.c")
        target_include_directories(${planted} PRIVATE "${include}")
        target_link_libraries(${planted} PRIVATE ${libraries} ${LB_SEEN})
        set(script "")
    else()
        set(sound lovebankd)
        set(planted lovebankd_${name})
        lovebank_server_variant(${planted}
            DIR "${PROJECT_BINARY_DIR}/variants/${name}"
            SOURCES "${source}"
            INCLUDE "${include}")
        set(script "${LB_TESTS_DIR}/crash/${test}.py")
    endif()
    add_test(NAME canary_${name}
        COMMAND "${Python3_EXECUTABLE}" "${LB_TESTS_DIR}/canary/expect_caught.py" "${patch}"
                "$<TARGET_FILE:${sound}>" "$<TARGET_FILE:${planted}>" ${script})
    lovebank_set_test(canary_${name} canary 300)
    set_property(TEST canary_${name} PROPERTY ENVIRONMENT
        "LOVEBANK_SOURCE_DIR=${PROJECT_SOURCE_DIR}" PYTHONDONTWRITEBYTECODE=1)
endforeach()
