"""Looks at the sources of a build with another program. A source that was clean is looked at again only when it, a
header it uses, its compile command or the rules have changed."""

import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def commands_in(build):
    """The compile commands of a folder that was configured, by source."""
    commands = json.loads((build / "compile_commands.json").read_text())
    return {each["file"]: each for each in commands if not each["file"].endswith("cmake_pch.hxx.cxx")}


def entries_of(preset, tests):
    """The compile commands of a build, by source; without those of the tests unless they are wanted."""
    entries = commands_in(ROOT / "build" / preset)
    if tests:
        return entries
    return {file: each for file, each in entries.items() if not Path(file).is_relative_to(ROOT / "tests")}


def dependencies(build):
    """The project's own headers of every object, as the last build recorded them."""
    printed = subprocess.run(["ninja", "-C", build, "-t", "deps"], check=True, capture_output=True, text=True).stdout
    headers, target = {}, None
    for line in printed.splitlines():
        if line and not line.startswith(" "):
            target = headers.setdefault(line.split(":")[0], set())
        elif line:
            path = (build / line.strip()).resolve()
            if path.is_relative_to(ROOT):
                target.add(path)
    return headers


def fingerprint(entry, headers, rules):
    digest = hashlib.sha256(rules + entry["command"].encode())
    files = {Path(entry["file"])}
    for source in entry.get("sources", [entry]):
        built = re.search(r" -o (\S+)", source["command"]).group(1)
        files |= {Path(source["file"]), *headers[built]}
    for path in sorted(files):
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def look(preset, entries, clean, rules, check):
    """Calls `check(entry)` for the sources that are due and prints its complaints; "" is none. An entry may be of many
    "sources", each with the command of the build `preset`. Remembers in the folder `clean` what had no complaints.
    Returns how many were due, and how many of them had complaints; and the stamps that count."""
    headers = dependencies(ROOT / "build" / preset)
    clean.mkdir(parents=True, exist_ok=True)
    stamps = {file: clean / fingerprint(entry, headers, rules) for file, entry in entries.items()}
    due = [entry for file, entry in sorted(entries.items()) if not stamps[file].exists()]
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for entry, complaints in zip(due, pool.map(check, due)):
            if complaints:
                bad += 1
                print(complaints)
            else:
                stamps[entry["file"]].touch()
    return len(due), bad, set(stamps.values())
