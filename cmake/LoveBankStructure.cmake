# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Tests of the structure: every header compiles alone and may be included twice; no module calls
# what it must not; no mutable globals; the sources keep the rules a grep can check.

set(LB_STRUCTURE_DIR "${PROJECT_SOURCE_DIR}/tests/structure")

# lovebank_headers(<target> <globs>...): adds a translation unit for each header, which includes it
# twice and nothing else, compiled with the include path of <target>.
function(lovebank_headers target)
    file(GLOB headers CONFIGURE_DEPENDS ${ARGN})
    if(NOT headers OR NOT TARGET ${target})
        return()
    endif()
    set(sources "")
    foreach(header IN LISTS headers)
        cmake_path(RELATIVE_PATH header BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE name)
        string(MAKE_C_IDENTIFIER "${name}" name)
        set(source "${PROJECT_BINARY_DIR}/structure/${name}.c")
        file(CONFIGURE OUTPUT "${source}" CONTENT
            "#include \"${header}\"\n#include \"${header}\"\nextern int ${name};\n" @ONLY)
        list(APPEND sources "${source}")
    endforeach()
    set(headers_target headers_${target})
    add_library(${headers_target} OBJECT ${sources})
    target_include_directories(${headers_target} PRIVATE
        "$<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>")
    lovebank_seen_by(${target} seen)
    target_link_libraries(${headers_target} PRIVATE ${seen} lb_warnings)
    set_property(GLOBAL APPEND PROPERTY LB_HEADER_TARGETS ${headers_target})
endfunction()

get_property(modules GLOBAL PROPERTY LB_MODULES)
foreach(module IN LISTS modules)
    lovebank_headers(lb_${module}
        "${PROJECT_SOURCE_DIR}/server/${module}/include/${module}/*.h"
        "${PROJECT_SOURCE_DIR}/server/${module}/src/*.h")
endforeach()
lovebank_headers(lb_app "${PROJECT_SOURCE_DIR}/server/app/*.h")
lovebank_headers(lovebank
    "${PROJECT_SOURCE_DIR}/include/lovebank/*.h" "${PROJECT_SOURCE_DIR}/client/lib/src/*.h")
lovebank_headers(lb_intake
    "${PROJECT_SOURCE_DIR}/client/intake/include/intake/*.h"
    "${PROJECT_SOURCE_DIR}/client/intake/src/*.h")
lovebank_headers(lb_cli
    "${PROJECT_SOURCE_DIR}/client/cli/*.h" "${PROJECT_SOURCE_DIR}/client/cli/*/*.h")

get_property(header_targets GLOBAL PROPERTY LB_HEADER_TARGETS)
add_custom_target(structure_headers DEPENDS ${header_targets})
add_test(NAME structure_headers
    COMMAND "${CMAKE_COMMAND}" --build "${PROJECT_BINARY_DIR}" --target structure_headers)

add_test(NAME structure_sources
    COMMAND "${Python3_EXECUTABLE}" "${LB_STRUCTURE_DIR}/check_sources.py" "${PROJECT_SOURCE_DIR}")
add_test(NAME structure_checks
    COMMAND "${Python3_EXECUTABLE}" "${LB_STRUCTURE_DIR}/test_checks.py")
set(structure_tests structure_headers structure_sources structure_checks)

# Sanitizers and coverage add symbols of their own, so symbols are checked in plain builds only.
if(NOT CMAKE_C_FLAGS_DEBUG MATCHES "-fsanitize|--coverage")
    set(archives "")
    foreach(module IN LISTS modules)
        get_target_property(type lb_${module} TYPE)
        if(type STREQUAL "STATIC_LIBRARY")
            list(APPEND archives "${module}=$<TARGET_FILE:lb_${module}>")
        endif()
    endforeach()
    add_test(NAME structure_symbols
        COMMAND "${Python3_EXECUTABLE}" "${LB_STRUCTURE_DIR}/check_symbols.py"
                --nm "${CMAKE_NM}" --rules "${LB_STRUCTURE_DIR}" ${archives})
    list(APPEND structure_tests structure_symbols)
endif()
set_tests_properties(${structure_tests} PROPERTIES
    LABELS structure TIMEOUT 120 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
