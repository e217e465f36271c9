# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Programs that measure. Built with the tests, so that they do not fall behind; run by hand and by
# the scripts of bench/.

# lovebank_bench(<name> LIBS <targets>): bench/<name>.c
function(lovebank_bench name)
    cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
    add_executable(${name} "${PROJECT_SOURCE_DIR}/bench/${name}.c")
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bench")
    target_link_libraries(${name} PRIVATE ${arg_LIBS} lb_warnings)
endfunction()

lovebank_bench(engine_cost LIBS lb_engine lb_store lb_people lb_wire Threads::Threads)
