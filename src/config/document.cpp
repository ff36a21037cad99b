// Writes the tables of the configuration down for people.
#include "config/document.hpp"

#include <algorithm>
#include <vector>

#include "config/import/import.hpp"
#include "config/presets.hpp"
#include "config/rules.hpp"
#include "config/sections.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view opening = R"(# Configuration

Generated from the tables in `src/config/` by `tools/docs`; a unit test compares.

The file is `/data/apps/dbus-bms/config.ini` on a GX device, and `/etc/dbus-bms/config.ini` elsewhere: driver, bridge
and console read the first of these that is there, and say in the log which one that is, or that there is none.
`--config FILE` names another one, which must be there. Everything has a default that suits a LiFePO4 battery and a
cautious owner: no file, or an empty one, is a good one. It is read at the start only. After a change, on a GX device:

    dbus-bms config check                  # before the driver reads it; the program is /data/apps/dbus-bms/dbus-bms
    svc -t /service/dbus-bms.ttyUSB0       # ends the driver of that port; serial-starter starts it again

**The battery is off the bus meanwhile**, on a port that several programs share until its turn comes. So give it the
port for good first, by `pin` ([install.md](install.md)).

```ini
[default]                    # for every battery
chemistry = LFP
max_charge_current = 0.5C

[battery JBD:DEMO0001]       # one battery, by the identity that the log shows when it is found
name = House 1
max_charge_current = 120
temperature_2.role = other   # lies beside the heater

[battery ttyUSB0]            # or by its port; of several boards on a line: ttyUSB0_2
poll_interval = 2

[battery A4:C1:37:00:00:23]  # or by its Bluetooth address: this section makes it one that is looked for there
```

* Every option of a battery may stand in every section. What is said of the identity counts more than what is said of
  the port, and that more than `[default]`.
* Comments begin with `#` or `;`, at the start of a line or behind a blank. A text that contains one stands in double
  quotes.
* Flags are `yes` or `no`. Options that can be `off` or `auto` are so when nothing stands behind the `=`.
* A number may have its unit behind it, with or without a blank: `100 A`, `60s`, `20 %`. Another unit than the one in
  the tables below is a fault.
* Texts are in UTF-8.
* A list that is too long for a line goes on in the next one, if that is indented.

| | |
|---|---|
| `dbus-bms config check [FILE]` | says what is wrong, line by line; exit code 2 if anything is |
| `dbus-bms config show [FILE] [--battery ID] [--changed] [--json]` | every option with its value and where that comes from; with `--changed` only what differs from the default |
| `dbus-bms config import FILE` | turns a `config.ini` of dbus-serialbattery into one of this driver, see below; exit code 4 if something in it needs a decision |
| `dbus-bms config import --btbattery [-s\|-p] MAC[:FILE]...` | likewise with the command line of dbus-btbattery |

A section for a battery that never came is named in the log after ten minutes, with the battery that was probably meant.

## Faults

A fault never keeps the driver from running. It is shown in the log and on D-Bus, with file, line, what was expected and
what is done instead:

* An option that cannot be used has the value it would have without that line: the one from `[default]`, or else its
  default.
* Where one of two values is safer, it has the safer one of that and the default: a charge limit never becomes larger
  through a slip. These options are marked with ▼ (the lower is safer) and ▲.
* A misspelt `chemistry` switches charging off, as nobody knows then which voltage is too much.
* An option that stands twice in a section counts as it stands first, or as the safer of both.
* A file at its usual place that cannot be read means the defaults. One that was named with `--config` ends the program
  with exit code 2.

)";

std::string row(const std::vector<std::string>& fields) {
  std::string line = "|";
  for (const std::string& field : fields) line += " " + field + " |";
  return line + "\n";
}

std::string head(const std::vector<std::string>& titles) {
  std::string line = "|";
  for (std::size_t i = 0; i < titles.size(); ++i) line += "---|";
  return row(titles) + line + "\n";
}

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string_view mark_of(Careful careful) {
  if (careful == Careful::neither) return "";
  return careful == Careful::lower ? " ▼" : " ▲";
}

std::string table_of(const OptionGroup& group, Values& defaults) {
  std::string text = head({"Option", "Default", "May be", "Meaning"});
  for (const Option& option : group.options) {
    text += row({code(option.name) + std::string(mark_of(option.careful)), option.text_with_unit(defaults),
                 option.expected(), std::string(option.description)});
  }
  return text;
}

std::string tables_of(const OptionTable& options, Values defaults) {
  std::string text;
  for (const OptionGroup& group : options.groups()) {
    text += "## " + std::string(group.title) + "\n\n";
    if (!group.introduction.empty()) text += broken(group.introduction) + "\n\n";
    text += table_of(group, defaults) + "\n";
  }
  return text;
}

std::string presets() {
  std::string text =
      "## Chemistries\n\nThese defaults depend on `chemistry`. A section that names another chemistry than the one it\n"
      "inherits inherits none of them.\n\n" +
      head({"Option", "LFP", "Li-ion", "LTO"});
  for (const PresetRow& preset : preset_rows()) {
    std::vector<std::string> fields{code(preset.option)};
    for (const double value : preset.values) fields.push_back(number_text(value));
    text += row(fields);
  }
  text += "\nBeyond these bounds a cell voltage is a fault:\n\n" + head({"Option", "LFP", "Li-ion", "LTO"});
  for (const CellRangeRow& bounds : cell_range_rows()) {
    std::vector<std::string> fields{code(bounds.option)};
    for (const CellRange& range : bounds.ranges) {
      fields.push_back(number_text(range.min_v) + " to " + number_text(range.max_v));
    }
    text += row(fields);
  }
  return text + "\n";
}

std::string reaches() {
  std::string text;
  for (const CellRangeRow& reach : reach_rows()) {
    text += (text.empty() ? "" : "; ") + code(reach.option) + " no lower than ";
    for (std::size_t i = 0; i < chemistry_count; ++i) {
      text += (i == 0 ? "" : ", ") + number_text(reach.ranges[i].min_v) + " V (" +
              std::string(name_of(static_cast<Chemistry>(i))) + ")";
    }
  }
  return text;
}

constexpr std::string_view about_following = R"(## What must fit together

**What you have not set follows what you have set.** With `absorption_cell_voltage = 3.6` nothing else need be said: the
balancing voltage and the thresholds of the alarms for high cells move up with it, so that a charge does what the file
says and raises no alarm. The same is done for voltages that are changed below `/Settings` while the battery is in use.
`dbus-bms config show` says of each option that has followed what it follows.

)";

std::string rules() {
  std::string text{about_following};
  text += broken(
              "An option that nobody has set is, beside its default, as this table says. At the defaults of every "
              "chemistry all of it holds. Nothing follows beyond the bounds above, and " +
              reaches() + ".") +
          "\n\n" + head({"Not set", "is"});
  for (const FollowRule& rule : follow_rules()) text += row({code(rule.option), words_of(rule, "`")});
  text +=
      "\n**What you have set must fit together.** Where it does not, `config check`, `config import` and the log name "
      "it,\nand the option in the last column counts as not set.\n\n" +
      head({"This", "must be", "else gives way"});
  for (const OrderRule& rule : order_rules()) {
    text += row({rule.lower.text("`"), words_of(rule, "`"), code(rule.yields)});
  }
  for (const NeedsRule& rule : needs_rules()) {
    text += row({code(std::string(rule.option) + " = " + std::string(rule.word)), "together with " + code(rule.needed),
                 code(rule.option)});
  }
  for (const CapacityRule& rule : capacity_rules()) {
    text += row({code(rule.option) + " in C, with " + code("bms = " + std::string(rule.bms)),
                 "together with " + code("capacity"), std::string(rule.fallback)});
  }
  return text + "\n";
}

constexpr std::string_view about_import = R"(## Coming from dbus-serialbattery

`dbus-bms config import OLD > config.ini` turns a `config.ini` of dbus-serialbattery into one of this driver. Files of
its versions 1 and 2 are understood, with or without the line `[DEFAULT]`.

* What only repeats what that driver was shipped with is left out. Which version the file is from follows from its keys,
  so the untouched file of any version becomes an empty configuration, and this driver's own defaults are in force.
* What has changed becomes an option, with the keys that it was made from behind it.
* What **needs a decision** comes first, as comments: a BMS that this driver does not know, a key that counts for other
  BMSs only, a value beyond the bounds or one that contradicts another, half of a pair of lists, a key that is unknown.
  None of it is configured until you do it yourself.
* What **has no meaning here** is named with the reason.

The exit code is 0 when nothing needs a decision, 4 when something does, 2 when the file cannot be read. `config check`
never finds a fault in what is printed, and nothing in it allows more than the old file meant:

* Single cells are always looked after. Where `CCCM_CV_ENABLE` or `DCCM_CV_ENABLE` switches that off, the curve beside
  it is named and not taken over; other limits that are switched off are `off`.
* A table of charge currents by cell voltage that never comes to 0 gets an end that does.
* With a `MAX_CELL_VOLTAGE` or such a table of your own and no `SOC_RESET_AFTER_DAYS` there is no balancing charge
  above them: `full_charge_days = 0`.
* A `MAX_CELL_VOLTAGE` above the end of your own table comes down to that end, where charging ended before, too.
* Going on without contact (`keep_for`) is taken over only when `BLOCK_ON_DISCONNECT_TIMEOUT_MINUTES` is a time that no
  version was shipped with, less the minute that this driver waits in any case.

Two things are taken over and named among the questions, as they are not what happened before: a `MAX_CELL_VOLTAGE` that
was never reached, as the table of charge currents that driver is shipped with ends below it, and a
`SOC_RESET_AFTER_DAYS` with the voltage as shipped, 3.65 V, while balancing charges here go to `balancing_cell_voltage`.

Look it through all the same: the same number is not always the same behaviour.

)";

constexpr std::string_view about_btbattery = R"(
## Coming from dbus-btbattery

`dbus-bms config import --btbattery` turns the command line of dbus-btbattery into a section for each board and, where
there are several, one for the bank ([bank.md](bank.md)). Its words stand behind that option as they stand behind
`dbus-btbattery.py`, or the whole line of its `service/run` in single quotes; behind `--` everything is taken for one of
its words.

    dbus-bms config import --btbattery -p A4:C1:37:00:00:23 A4:C1:37:00:00:24:/data/2.ini >> config.ini

Its own `config.ini` is another matter: `config import` reads it like one of dbus-serialbattery. Do that first; the
sections may stand below what it prints.

* Without `-s` or `-p` the boards are in series. `--name` is the name of the bank, else `btbattery`.
* Of the file of a board `MAX_BATTERY_CHARGE_CURRENT` and `MAX_BATTERY_DISCHARGE_CURRENT` are taken, and nothing else,
  as by that driver. When every board has one, the bank has their sum in parallel, and the lowest in series.
* **Needs a decision**: a file that is not there or does not say a limit, so that the one of `[default]` counts (that
  driver would take the 70 A and 90 A that it is shipped with); a board that is named twice; both `-s` and `-p` behind
  `--`; more than four boards, as that driver leaves out the others.
* A word that is neither an address nor a known option, or more than 16 boards: nothing is printed, exit code 2.

A board speaks with one at a time: `svc -d /service/dbus-btbattery` ends that driver, and removing it from `/service`
keeps it from coming back.
)";

std::string each_as_code(const std::string& keys) {
  std::string text;
  for (const std::string_view key : split(keys, ',')) text += (text.empty() ? "" : ", ") + code(key);
  return text;
}

/// Keys that become several options are listed once.
std::string converted_keys() {
  std::vector<KeyAndFate> lines;
  for (const KeyAndFate& line : import_table()) {
    if (line.option.empty()) continue;
    const auto same = std::ranges::find(lines, line.keys, &KeyAndFate::keys);
    if (same == lines.end()) {
      lines.push_back(line);
    } else {
      same->option += ", " + line.option;
    }
  }
  std::string text = head({"Key", "Option"});
  for (const KeyAndFate& line : lines) text += row({each_as_code(line.keys), each_as_code(line.option)});
  return text + "\n";
}

std::string imports() {
  std::string text(about_import);
  text += converted_keys();
  text +=
      "Some keys count for some types of BMS only. Where `BMS_TYPE` names another one, or none, they need a "
      "decision:\n\n";
  text += head({"Key", "Counts for"});
  for (const KeyAndTypes& line : keys_of_some_types()) text += row({code(line.key), line.types});
  text += "\nOlder names mean the same as newer ones:\n\n" + head({"Older name", "Taken for"});
  for (const KeyAndSuccessor& line : renamed_keys()) text += row({code(line.older), code(line.newest)});
  text += "\nThese become nothing; those marked with ? need a decision when they have been changed:\n\n" +
          head({"Key", "Why"});
  for (const KeyAndFate& line : import_table()) {
    if (line.option.empty()) text += row({code(line.keys) + (line.decision ? " ?" : ""), line.reason});
  }
  return text + std::string(about_btbattery);
}

}  // namespace

std::string configuration_as_markdown() {
  std::string text(opening);
  const OptionTable* written = nullptr;
  for (const SectionKind& kind : section_kinds()) {
    const OptionTable& options = kind.options();
    if (&options != written) text += tables_of(options, kind.defaults());
    written = &options;
  }
  return text + presets() + rules() + imports();
}

}  // namespace bms::config
