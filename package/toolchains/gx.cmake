# What both processors of GX devices have in common; included by their own files, which set `gx_arch`, `gx_triple` and
# `gx_flags`. The libraries lie where package/build/libraries puts them.
set(gx_root ${CMAKE_CURRENT_LIST_DIR}/../../build/gx/${gx_arch}/root)
cmake_path(NORMAL_PATH gx_root)
cmake_path(SET gx_source NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../..)

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_LIBRARY_ARCHITECTURE ${gx_triple})
set(CMAKE_CXX_COMPILER ${gx_triple}-g++)
# Those of the compiler: they can look into objects that are optimized when they are linked.
set(CMAKE_AR ${gx_triple}-gcc-ar)
set(CMAKE_RANLIB ${gx_triple}-gcc-ranlib)
# No file may name the folder it was built in.
set(CMAKE_CXX_FLAGS_INIT "${gx_flags} -Wno-psabi -ffile-prefix-map=${gx_source}=")
# A library finds only what the program has loaded before it, by name: so the program itself needs all four that come
# with it, whether it calls them or not.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-shared-libgcc -Wl,--no-as-needed -Wl,--enable-new-dtags -Wl,-rpath-link,${gx_root}/usr/lib/${gx_triple}")
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib/${gx_arch}")

# Headers without libraries may come from the PC; libraries only from the target.
set(CMAKE_FIND_ROOT_PATH ${gx_root} /)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# The package of the target would bring spdlog and fmt as libraries.
set(spdlog_DIR ${CMAKE_CURRENT_LIST_DIR}/header-only)
set(ENV{PKG_CONFIG_LIBDIR} ${gx_root}/usr/lib/${gx_triple}/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${gx_root})
