# The part of tools/demo that has to do with a broker; sourced by it.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what tools/demo has set: work, root, once

# The topics that --once waits for: the last ones of ours and of those of chargery.py to come.
complete=(state cells info cellimped1 currentimped)

# A broker that nobody else sees, and the configuration that names it.
start_broker() {
  port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  printf 'user %s\nlistener %s 127.0.0.1\nallow_anonymous true\n' "$(id -un)" "$port" >"$work/mosquitto.conf"
  mosquitto -c "$work/mosquitto.conf" >"$work/broker.log" 2>&1 &
  started+=($!)
  printf '[mqtt]\nhost = 127.0.0.1\nport = %s\ninterval = 2\naliases = chargery\n' "$port" >"$work/config.ini"
  note "broker on port $port; elsewhere: mosquitto_sub -p $port -t '#' -v"
}

# Ends when every topic that counts has been seen; fails when that takes too long.
until_complete() {
  local topic payload name missing=("${complete[@]}") left
  while read -r topic payload; do
    printf '%s %s\n' "$topic" "$payload"
    left=()
    for name in "${missing[@]}"; do [ "${topic##*/}" = "$name" ] || left+=("$name"); done
    missing=("${left[@]}")
    [ ${#missing[@]} -gt 0 ] || return 0
  done
  note "these topics did not come: ${missing[*]}"
  return 1
}

# No wider than the terminal, so that each message is a line.
to_width() { sed -u -E "s/^(.{$((${COLUMNS:-$(tput cols 2>/dev/null || echo 120)} - 1))}).+/\1…/"; }

# All topics as they come, or once each. The broker may not be there yet.
show_topics() {
  local subscribe=(mosquitto_sub -h 127.0.0.1 -p "$port" -t '#' -v)
  for _ in {1..100}; do
    ! mosquitto_pub -h 127.0.0.1 -p "$port" -t demo -n 2>/dev/null || break
    sleep 0.1
  done
  if [ "$once" = yes ]; then
    local shown=$work/shown
    until_complete < <(exec "${subscribe[@]}" -W 60) >"$shown" || return
    sort -V -s -u -k1,1 "$shown"
  else
    # Not in the foreground: bash would wait for its end before it obeys a signal.
    "${subscribe[@]}" > >(to_width) &
    started+=($!)
    wait $!
  fi
}
