# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Every test is found by its place in tests/, built, and registered with a label and a deadline.

set(LB_TESTS_DIR "${PROJECT_SOURCE_DIR}/tests")

# lovebank_test_program(<source> <name> LABEL <label> TIMEOUT <seconds> LIBS <targets>)
function(lovebank_test_program source name)
    cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "LIBS" ${ARGN})
    add_executable(${name} "${source}")
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/bin")
    target_compile_definitions(${name} PRIVATE LB_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_link_libraries(${name} PRIVATE ${arg_LIBS} lb_warnings)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()

# tests/unit/<module>/test_*.c: each links its module and cmocka, nothing else.
get_property(modules GLOBAL PROPERTY LB_MODULES)
foreach(module IN LISTS modules)
    file(GLOB sources CONFIGURE_DEPENDS "${LB_TESTS_DIR}/unit/${module}/test_*.c")
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM stem)
        lovebank_test_program("${source}" unit_${module}_${stem} LABEL unit TIMEOUT 60
            LIBS lb_${module} PkgConfig::cmocka)
    endforeach()
endforeach()

# tests/unit/client: the client library; tests/contract: every store; tests/model: the engine.
foreach(suite IN ITEMS "unit/client|client|unit|60|lovebank" "contract|contract|contract|120|lb_store"
                       "model|model|model|600|lb_engine")
    string(REPLACE "|" ";" suite "${suite}")
    list(GET suite 0 folder)
    list(GET suite 1 prefix)
    list(GET suite 2 label)
    list(GET suite 3 timeout)
    list(GET suite 4 library)
    file(GLOB sources CONFIGURE_DEPENDS "${LB_TESTS_DIR}/${folder}/test_*.c")
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM stem)
        lovebank_test_program("${source}" ${prefix}_${stem} LABEL ${label} TIMEOUT ${timeout}
            LIBS ${library} PkgConfig::cmocka)
    endforeach()
endforeach()

# tests/integration and tests/crash drive the real programs. A Python file without a main is a
# module they share, not a test.
foreach(suite IN ITEMS integration crash)
    file(GLOB scripts CONFIGURE_DEPENDS "${LB_TESTS_DIR}/${suite}/*.py"
                                        "${LB_TESTS_DIR}/${suite}/*.sh")
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
        set_tests_properties(${suite}_${stem} PROPERTIES
            LABELS ${suite}
            TIMEOUT 900
            ENVIRONMENT "LOVEBANK_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};LOVEBANK_SOURCE_DIR=${PROJECT_SOURCE_DIR};PYTHONDONTWRITEBYTECODE=1")
    endforeach()
endforeach()

# tests/fuzz/<name>.c: a libFuzzer program in the preset `fuzz`; elsewhere its corpus is replayed.
set(fuzz_libraries ${modules})
list(TRANSFORM fuzz_libraries PREPEND lb_)
list(APPEND fuzz_libraries lovebank lb_proto)
file(GLOB sources CONFIGURE_DEPENDS "${LB_TESTS_DIR}/fuzz/*.c")
foreach(source IN LISTS sources)
    cmake_path(GET source STEM stem)
    if(LB_FUZZ)
        add_executable(fuzz_${stem} "${source}")
        target_link_libraries(fuzz_${stem} PRIVATE ${fuzz_libraries})
        target_link_options(fuzz_${stem} PRIVATE -fsanitize=fuzzer)
    else()
        add_executable(fuzz_replay_${stem} "${source}" "${LB_TESTS_DIR}/fuzz/replay/main.c")
        target_link_libraries(fuzz_replay_${stem} PRIVATE ${fuzz_libraries})
        add_test(NAME fuzz_replay_${stem}
            COMMAND fuzz_replay_${stem} "${LB_TESTS_DIR}/fuzz/corpus/${stem}")
        set_tests_properties(fuzz_replay_${stem} PROPERTIES LABELS fuzz TIMEOUT 120)
    endif()
endforeach()

include(LoveBankStructure)
