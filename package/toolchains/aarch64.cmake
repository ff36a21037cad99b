# 64 bits, from the Cortex-A53 on.
set(gx_arch aarch64)
set(gx_triple aarch64-linux-gnu)
set(gx_flags "")
set(CMAKE_SYSTEM_PROCESSOR aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/gx.cmake)
