# The part of tools/demo that has to do with Bluetooth; sourced by it.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what tools/demo has set: work, root, once, programs

# How long somebody may look at it.
longest_look_s=7200

# Boots the machine, and shows what comes of it as it comes.
show_bluetooth() {
  local out=$work/machine command view=(--until /out/end)
  [ "$once" = no ] || view+=(--once)
  mkdir "$out"
  : >"$out/stdout"
  printf -v command 'env DBUS_BMS=%q BMS_SIM=%q /usr/bin/python3 -B -W ignore tests/bluetooth/demo.py %s' \
    "$programs/dbus-bms" "$programs/sim/bms-sim" "${view[*]}"
  note "booting a virtual machine on an emulated processor, which has two simulated batteries and the real BlueZ; this takes two minutes or so"
  (cd "$root" && MACHINE_LIMIT_S=$longest_look_s exec tests/machine/run "$out" "$command" >"$work/machine.log" 2>&1) &
  machine=$!
  tail --pid="$machine" -n +1 -F "$out/stdout" 2>/dev/null &
  started+=($!)
  if wait "$machine"; then
    machine=
    wait "${started[-1]}" || true
    return 0
  fi
  machine=
  note "the machine said:"
  tail -n 30 "$out/console" "$work/machine.log" >&2 || true
  return 1
}

# The machine switches itself off when it sees this.
end_bluetooth() {
  [ -n "${machine:-}" ] || return 0
  touch "$work/machine/end"
  wait "$machine" 2>/dev/null || true
}
