# What the tools share; sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export root

# Says what happens now, on standard error: standard output belongs to results.
note() { printf '== %s\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 2
}

# build PRESET [CMAKE-VARIABLE=VALUE...] [-- TARGET...]: configures once, then builds what is out of date.
build() { build_in "$root/build/$1" "$@"; }

# build_in FOLDER PRESET [CMAKE-VARIABLE=VALUE...] [-- TARGET...]: the same, in a folder of its own.
build_in() {
  local folder=$1 preset=$2 variables=() targets=()
  shift 2
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    variables+=("-D$1")
    shift
  done
  [ $# -gt 1 ] && targets=(--target "${@:2}")
  # With these ccache knows what to do with precompiled headers, and that a checkout may stand anywhere.
  export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
  if command -v ccache >/dev/null; then variables+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  cd "$root" || return
  if [ ! -f "$folder/build.ninja" ]; then
    cmake --preset "$preset" -B "$folder" "${variables[@]}" >/dev/null || return
  fi
  if [ -t 2 ]; then
    note "building"
    NINJA_STATUS='   %f of %t after %e s: ' cmake --build "$folder" "${targets[@]}" >&2
  else
    cmake --build "$folder" "${targets[@]}" -- --quiet
  fi
}
