#!/bin/sh
# Runs before the archive is unpacked into /data, at each start while the stick is in. Ends it where there is nothing to do.
version=

# What was interrupted goes on, and so does what has waited for a hook that the owner had to mend.
from=/data/dbus-bms-from-stick
if [ -d "$from" ] && [ "$(cat /data/apps/dbus-bms/current/version 2>/dev/null)" = "v$version" ] &&
  ! grep -qs '/data/apps/dbus-bms/current/rc.local early' /data/rcS.local; then
  exit 0
fi
rm -rf "$from"
# It may have been installed and left again by rollback: that is not undone at the next start.
for each in current previous; do
  if [ "$(cat "/data/apps/dbus-bms/$each/version" 2>/dev/null)" = "v$version" ]; then
    echo "dbus-bms: version $version is installed already; the stick can be taken out"
    exit 1
  fi
done
exit 0
