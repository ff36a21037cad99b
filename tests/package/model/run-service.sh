# What is known of Venus OS's own: it takes the port's name, offers `start`, and gives back the lock at the end.
tty=$1
trap 'rm -f "/var/lock/serial-starter/$tty"' EXIT
trap 'kill -TERM "$child"' TERM
start() { "$app" "$@" & child=$!; wait "$child"; wait "$child"; }
