# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Foreign libraries and tools, all from Debian. scripts/setup.sh installs what is missing.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

foreach(package IN ITEMS inih jansson libcrypto libevent_core libevent_extra
                         libevent_openssl libevent_pthreads libedit libpq libprotobuf-c
                         libsodium libssl libxxhash libzstd lmdb smartcols xlsxwriter)
    pkg_check_modules(${package} REQUIRED QUIET IMPORTED_TARGET ${package})
endforeach()

# For a program of the build only: see lovebank_text_tables.
pkg_check_modules(icu REQUIRED QUIET IMPORTED_TARGET icu-i18n icu-uc)

if(LB_TESTS)
    find_package(Python3 COMPONENTS Interpreter REQUIRED)
    pkg_check_modules(cmocka REQUIRED QUIET IMPORTED_TARGET cmocka)
endif()

# libcsv has no pkg-config file.
find_path(LIBCSV_INCLUDE_DIR csv.h REQUIRED)
find_library(LIBCSV_LIBRARY csv REQUIRED)
add_library(LibCSV::LibCSV UNKNOWN IMPORTED)
set_target_properties(LibCSV::LibCSV PROPERTIES
    IMPORTED_LOCATION "${LIBCSV_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LIBCSV_INCLUDE_DIR}")

find_program(PROTOC_C protoc-c REQUIRED)
