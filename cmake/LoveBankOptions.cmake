# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Language, warnings and hardening. Warnings are for our sources only (target lb_warnings);
# generated code is compiled without them.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

# LB_ASSERT stays on in every build; NDEBUG takes only LB_ASSERT_SLOW out (base/assert.h).
set(CMAKE_C_FLAGS_RELEASE "-O2 -g -DNDEBUG")

# Linux and glibc: accept4, peer credentials. Empty, as a source's own #define would make it.
add_compile_definitions("_GNU_SOURCE=")

add_library(lb_warnings INTERFACE)
target_compile_options(lb_warnings INTERFACE
    -Wall -Wextra
    -Wcast-qual
    -Wconversion
    -Wformat=2
    -Wmissing-prototypes
    -Wold-style-definition
    -Wpointer-arith
    -Wshadow
    -Wsign-conversion
    -Wstrict-prototypes
    -Wswitch-enum
    -Wundef
    -Wvla
    -Wwrite-strings
    $<$<BOOL:${LB_WERROR}>:-Werror>)

if(CMAKE_BUILD_TYPE STREQUAL "Release")
    include(CheckPIESupported)
    check_pie_supported(LANGUAGES C)
    add_compile_options(-fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE
                        -D_FORTIFY_SOURCE=2)
    add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()

if(LB_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "LB_FUZZ needs clang: configure with the preset `fuzz`.")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
