# What a processor of GX devices is called by whom; sourced, with tools/common.sh before it.
# shellcheck shell=bash

# target ARCH: sets what the steps of the build want to know of it.
# shellcheck disable=SC2034,SC2154 # used, and `root` set, by whoever sources this
target() {
  arch=$1
  case $arch in
    armhf) triple=arm-linux-gnueabihf debian=armhf family=arm cpu=armv7l loader=ld-linux-armhf.so.3 flags='-march=armv7-a+fp -mfloat-abi=hard -mthumb' ;;
    aarch64) triple=aarch64-linux-gnu debian=arm64 family=aarch64 cpu=aarch64 loader=ld-linux-aarch64.so.1 flags= ;;
    *) die "expected armhf or aarch64, found \"$arch\"" ;;
  esac
  work=$root/build/gx/$arch
  sysroot=$work/root
  libraries=$sysroot/usr/lib/$triple
}
