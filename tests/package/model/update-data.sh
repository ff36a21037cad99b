#!/bin/sh
# Archives on sticks, as known: the folder rc is looked at first, the rest goes into /data.
for archive in /media/*/venus-data.tar.gz /media/*/venus-data-*.tar.gz; do
  [ -f "$archive" ] || continue
  work=$(mktemp -d)
  tar -xzf "$archive" -C "$work" rc
  if [ ! -f "$work/rc/pre-hook.sh" ] || sh "$work/rc/pre-hook.sh"; then
    # shellcheck disable=SC2046 # words
    if tar -xzf "$archive" -C /data $(tar -tzf "$archive" | sed 's|/.*||' | sort -u | grep -vx rc); then outcome=success; else outcome=extraction-failed; fi
    [ ! -f "$work/rc/post-hook.sh" ] || sh "$work/rc/post-hook.sh" $outcome
  fi
  rm -rf "$work"
done
