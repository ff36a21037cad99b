#!/bin/sh
# Runs after the archive has been unpacked into /data: installs what came, and takes what was unpacked away again.
version=
from=/data/dbus-bms-from-stick
log=/data/log/dbus-bms-install.log

done=
{
  echo "dbus-bms: version $version from a stick or card"
  if [ "${1:-success}" = success ] && sh "$from/install"; then
    # The owner may have to mend something first; then the next start tries it again.
    if /data/apps/dbus-bms/current/enable; then done=yes; fi
  else
    echo "dbus-bms: not installed"
    rm -rf "$from"
  fi
  # It would be unpacked again at each start.
  for archive in /media/*/venus-data.tar.gz; do
    [ -n "$done" ] && [ -f "$archive" ] && tar -tzf "$archive" 2>/dev/null | grep -q '^dbus-bms-from-stick/' &&
      mv "$archive" "${archive%/*}/installed-dbus-bms.tar.gz"
  done
} >"$log" 2>&1
cat "$log"
# Last, since it says that there is something left to do.
[ -z "$done" ] || rm -rf "$from"
exit 0
