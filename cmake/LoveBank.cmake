# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# How a module, the generated code, the server and the client are built. A part whose sources do
# not exist becomes an INTERFACE target (headers only), or no target for a program.

# Every module's name: the server links them all, the tests go through them.
set_property(GLOBAL PROPERTY LB_MODULES "")

# lovebank_library(<target> SOURCES ... INCLUDE <dir>... PUBLIC <targets> PRIVATE <targets>)
# A static library of ours, with warnings; INTERFACE when it has no sources.
function(lovebank_library target)
    cmake_parse_arguments(arg "" "" "SOURCES;INCLUDE;PUBLIC;PRIVATE" ${ARGN})
    if(arg_SOURCES)
        add_library(${target} STATIC ${arg_SOURCES})
        target_include_directories(${target} PUBLIC ${arg_INCLUDE})
        target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} lb_warnings)
    else()
        add_library(${target} INTERFACE)
        target_include_directories(${target} INTERFACE ${arg_INCLUDE})
        target_link_libraries(${target} INTERFACE ${arg_PUBLIC})
    endif()
endfunction()

# lovebank_seen_by(<library> <variable>): what the sources of a library of ours may include and link.
function(lovebank_seen_by library variable)
    get_target_property(type ${library} TYPE)
    if(type STREQUAL "INTERFACE_LIBRARY")
        get_target_property(seen ${library} INTERFACE_LINK_LIBRARIES)
    else()
        get_target_property(seen ${library} LINK_LIBRARIES)
    endif()
    if(NOT seen)
        set(seen "")
    endif()
    set(${variable} ${seen} PARENT_SCOPE)
endfunction()

# lovebank_module(<name> [USES <module>...] [PUBLIC_USES <module>...] [LIBS <target>...])
# server/<name>/src/*.c becomes lb_<name>, whose face is server/<name>/include/<name>/*.h.
function(lovebank_module name)
    cmake_parse_arguments(arg "" "" "USES;PUBLIC_USES;LIBS" ${ARGN})
    set(dir "${PROJECT_SOURCE_DIR}/server/${name}")
    file(GLOB sources CONFIGURE_DEPENDS "${dir}/src/*.c")
    list(TRANSFORM arg_USES PREPEND lb_)
    list(TRANSFORM arg_PUBLIC_USES PREPEND lb_)
    lovebank_library(lb_${name}
        SOURCES ${sources}
        INCLUDE "${dir}/include" "${PROJECT_SOURCE_DIR}/include"
        PUBLIC ${arg_PUBLIC_USES}
        PRIVATE ${arg_USES} ${arg_LIBS})
    set_property(GLOBAL APPEND PROPERTY LB_MODULES ${name})
endfunction()

# lovebank_proto(<target>): proto/lovebank/v1/*.proto through protoc-c, into the build tree,
# included as <lovebank/v1/x.pb-c.h>. Compiled without our warnings.
function(lovebank_proto target)
    set(root "${PROJECT_SOURCE_DIR}/proto")
    set(out "${PROJECT_BINARY_DIR}/proto")
    file(GLOB protos CONFIGURE_DEPENDS "${root}/lovebank/v1/*.proto")
    set(generated "")
    foreach(proto IN LISTS protos)
        cmake_path(GET proto STEM LAST_ONLY stem)
        set(files "${out}/lovebank/v1/${stem}.pb-c.c" "${out}/lovebank/v1/${stem}.pb-c.h")
        # Each depends on all: the files import each other.
        add_custom_command(OUTPUT ${files}
            COMMAND "${CMAKE_COMMAND}" -E make_directory "${out}"
            COMMAND "${PROTOC_C}" "--proto_path=${root}" "--c_out=${out}" "${proto}"
            DEPENDS ${protos}
            COMMENT "protoc-c ${stem}.proto"
            VERBATIM)
        list(APPEND generated ${files})
    endforeach()
    if(generated)
        add_library(${target} STATIC ${generated})
        target_compile_options(${target} PRIVATE -w)
        target_include_directories(${target} SYSTEM PUBLIC "${out}")
        target_link_libraries(${target} PUBLIC PkgConfig::libprotobuf-c)
    else()
        add_library(${target} INTERFACE)
    endif()
endfunction()

# lovebank_text_tables(<library>): adds the tables of characters, which a program of the build writes
# with ICU's data. Nothing that is installed needs ICU.
function(lovebank_text_tables library)
    set(dir "${PROJECT_SOURCE_DIR}/server/text")
    set(tables "${PROJECT_BINARY_DIR}/text/text_tables.c")
    add_executable(make_text_tables "${dir}/tables/make_tables.c")
    target_include_directories(make_text_tables PRIVATE "${dir}/src")
    target_link_libraries(make_text_tables PRIVATE PkgConfig::icu lb_warnings)
    add_custom_command(OUTPUT "${tables}"
        COMMAND "${CMAKE_COMMAND}" -E make_directory "${PROJECT_BINARY_DIR}/text"
        COMMAND make_text_tables "${tables}"
        DEPENDS make_text_tables
        COMMENT "Tables of characters"
        VERBATIM)
    target_sources(${library} PRIVATE "${tables}")
    target_include_directories(${library} PRIVATE "${dir}/src")
endfunction()

# The server: server/main.c over lb_app, which is server/app/, the only files that see every module. A
# library, so that tests can link its parts.
function(lovebank_server target)
    if(NOT EXISTS "${PROJECT_SOURCE_DIR}/server/main.c")
        return()
    endif()
    get_property(modules GLOBAL PROPERTY LB_MODULES)
    list(TRANSFORM modules PREPEND lb_)
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/server/app/*.c")
    lovebank_library(lb_app
        SOURCES ${sources}
        INCLUDE "${PROJECT_SOURCE_DIR}/server"
        PUBLIC ${modules} lb_proto
        PRIVATE PkgConfig::libevent_core PkgConfig::libevent_pthreads PkgConfig::libsodium
            Threads::Threads)
    target_compile_definitions(lb_app PRIVATE LB_VERSION="${PROJECT_VERSION}")
    add_executable(${target} server/main.c)
    target_compile_definitions(${target} PRIVATE LB_VERSION="${PROJECT_VERSION}")
    target_link_libraries(${target} PRIVATE lb_app lb_warnings)
    install(TARGETS ${target} RUNTIME DESTINATION "${CMAKE_INSTALL_SBINDIR}")
    install(FILES docs/man/lovebankd.8 DESTINATION "${CMAKE_INSTALL_MANDIR}/man8")
    install(FILES packaging/lovebankd.conf packaging/lovebankd.service
            DESTINATION "${CMAKE_INSTALL_DATADIR}/lovebank")
    install(DIRECTORY packaging/nginx packaging/haproxy
            DESTINATION "${CMAKE_INSTALL_DATADIR}/lovebank")
    # The pages, if scripts/web.sh has built them.
    install(DIRECTORY build/web DESTINATION "${CMAKE_INSTALL_DATADIR}/lovebank" OPTIONAL)
endfunction()

# liblovebank: client/lib/src/*.c behind the installed headers include/lovebank/*.h. Our programs
# link <target>; what is installed, shared and static, holds all it needs of the modules and shows
# nothing of them.
function(lovebank_client_library target)
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/client/lib/src/*.c")
    lovebank_library(${target}
        SOURCES ${sources}
        INCLUDE "${PROJECT_SOURCE_DIR}/include"
        PUBLIC lb_result lb_base lb_proto
        PRIVATE lb_tls PkgConfig::libevent_core)
    if(NOT sources)
        return()
    endif()
    # The whole of the API and of the messages, whether the library itself uses them or not.
    set(whole $<TARGET_OBJECTS:${target}> $<TARGET_OBJECTS:lb_result> $<TARGET_OBJECTS:lb_proto>)

    set(map "${PROJECT_SOURCE_DIR}/client/lib/liblovebank.map")
    add_library(${target}_shared SHARED ${whole})
    set_target_properties(${target}_shared PROPERTIES
        LINKER_LANGUAGE C
        LINK_DEPENDS "${map}"
        OUTPUT_NAME lovebank
        VERSION ${PROJECT_VERSION}
        SOVERSION ${PROJECT_VERSION_MAJOR}
        LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
    target_link_libraries(${target}_shared PRIVATE lb_base lb_tls PkgConfig::libprotobuf-c
        PkgConfig::libevent_core)
    target_link_options(${target}_shared PRIVATE "-Wl,--version-script=${map}")

    # One object, so that the names of the modules can be made local to it.
    set(dir "${PROJECT_BINARY_DIR}/lib/installed")
    add_custom_command(OUTPUT "${dir}/liblovebank.a"
        COMMAND "${CMAKE_COMMAND}" -E rm -rf "${dir}"
        COMMAND "${CMAKE_COMMAND}" -E make_directory "${dir}"
        COMMAND "${CMAKE_LINKER}" -r -o "${dir}/lovebank.o" ${whole}
                $<TARGET_FILE:lb_tls> $<TARGET_FILE:lb_base>
        COMMAND "${CMAKE_OBJCOPY}" --wildcard --keep-global-symbol=!lb_assert_failed
                "--keep-global-symbol=lb_*" "--keep-global-symbol=lovebank__v1__*"
                "${dir}/lovebank.o"
        COMMAND "${CMAKE_AR}" rcs "${dir}/liblovebank.a" "${dir}/lovebank.o"
        DEPENDS ${target} lb_result lb_proto lb_base lb_tls
        COMMENT "Static library liblovebank.a for others"
        COMMAND_EXPAND_LISTS VERBATIM)
    add_custom_target(${target}_static ALL DEPENDS "${dir}/liblovebank.a")

    file(RELATIVE_PATH LOVEBANK_PC_TO_PREFIX
        "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
    configure_file(packaging/lovebank.pc.in lovebank.pc @ONLY)
    install(TARGETS ${target}_shared LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(FILES "${dir}/liblovebank.a" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(DIRECTORY include/lovebank DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
    install(DIRECTORY "${PROJECT_BINARY_DIR}/proto/lovebank"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
    install(FILES "${PROJECT_BINARY_DIR}/lovebank.pc"
            DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()

# Files as desks hand them in, read: client/intake/src/*.c behind client/intake/include/intake/*.h.
# Knows no command and no server.
function(lovebank_client_intake target)
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/client/intake/src/*.c")
    lovebank_library(${target}
        SOURCES ${sources}
        INCLUDE "${PROJECT_SOURCE_DIR}/client/intake/include" "${PROJECT_SOURCE_DIR}/include"
        PUBLIC lb_base lb_result
        PRIVATE lb_text LibCSV::LibCSV)
endfunction()

# lovebank_completion_scripts(<library>): puts packaging/completion/lovebank.* into the program, and
# installs them where the shells look.
function(lovebank_completion_scripts library)
    set(dir "${PROJECT_SOURCE_DIR}/packaging/completion")
    set(LOVEBANK_COMPLETION_SCRIPTS "")
    foreach(shell IN ITEMS bash zsh fish)
        set(script "${dir}/lovebank.${shell}")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${script}")
        file(READ "${script}" text)
        string(REPLACE "\\" "\\\\" text "${text}")
        string(REPLACE "\"" "\\\"" text "${text}")
        string(REPLACE "\n" "\\n\"\n     \"" text "${text}")
        string(APPEND LOVEBANK_COMPLETION_SCRIPTS "    {\"${shell}\",\n     (\"${text}\")},\n")
    endforeach()
    set(generated "${PROJECT_BINARY_DIR}/cli/completion_scripts.c")
    configure_file("${PROJECT_SOURCE_DIR}/client/cli/typing/completion_scripts.c.in" "${generated}" @ONLY)
    target_sources(${library} PRIVATE "${generated}")
    install(FILES "${dir}/lovebank.bash" RENAME lovebank
            DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
    install(FILES "${dir}/lovebank.zsh" RENAME _lovebank
            DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
    install(FILES "${dir}/lovebank.fish"
            DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
endfunction()

# The program `lovebank`: client/cli/main.c over lb_cli, which is the rest of client/cli, a folder for
# each concern. Their files have names of their own and include each other by these alone. A library,
# so that tests can link its parts.
function(lovebank_client_program target)
    set(dir "${PROJECT_SOURCE_DIR}/client/cli")
    file(GLOB sources CONFIGURE_DEPENDS "${dir}/*.c" "${dir}/*/*.c")
    list(REMOVE_ITEM sources "${dir}/main.c")
    file(GLOB headers CONFIGURE_DEPENDS "${dir}/*/*.h")
    list(TRANSFORM headers REPLACE "/[^/]*$" "" OUTPUT_VARIABLE folders)
    list(REMOVE_DUPLICATES folders)
    lovebank_library(lb_cli
        SOURCES ${sources}
        INCLUDE "${dir}" ${folders}
        PUBLIC lovebank lb_intake lb_base lb_result lb_proto
        PRIVATE lb_text PkgConfig::smartcols PkgConfig::jansson PkgConfig::libsodium
            PkgConfig::libevent_core PkgConfig::libedit PkgConfig::xlsxwriter)
    lovebank_completion_scripts(lb_cli)
    if(NOT EXISTS "${dir}/main.c")
        return()
    endif()
    add_executable(${target} client/cli/main.c)
    set_target_properties(${target} PROPERTIES OUTPUT_NAME lovebank)
    target_compile_definitions(lb_cli PRIVATE LB_VERSION="${PROJECT_VERSION}")
    target_link_libraries(${target} PRIVATE lb_cli lb_warnings)
    install(TARGETS ${target} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
    install(FILES docs/man/lovebank.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
endfunction()
