# ARMv7-A with VFPv3-D16, from the Cortex-A8 of the CCGX on: no divide, no fused multiply-add. This is what Debian's
# compiler does by default, said aloud.
set(gx_arch armhf)
set(gx_triple arm-linux-gnueabihf)
set(gx_flags "-march=armv7-a+fp -mfloat-abi=hard -mthumb")
set(CMAKE_SYSTEM_PROCESSOR armv7l)
include(${CMAKE_CURRENT_LIST_DIR}/gx.cmake)
