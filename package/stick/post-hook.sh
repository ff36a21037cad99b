#!/bin/sh
# Runs after the archive has been unpacked into /data: installs what came, and takes what was unpacked away again.
version=
from=/data/dbus-bms-from-stick
log=/data/log/dbus-bms-install.log

{
  echo "dbus-bms: version $version from a stick or card"
  if [ "${1:-success}" = success ] && sh "$from/install"; then
    /data/apps/dbus-bms/current/enable
    # It would be unpacked again at each start.
    for archive in /media/*/venus-data.tar.gz; do
      [ -f "$archive" ] && tar -tzf "$archive" 2>/dev/null | grep -q '^dbus-bms-from-stick/' &&
        mv "$archive" "${archive%/*}/installed-dbus-bms.tar.gz"
    done
  else
    echo "dbus-bms: not installed"
  fi
} >"$log" 2>&1
cat "$log"
rm -rf "$from"
exit 0
