// Writes the tables of the configuration down for people.
#include "config/document.hpp"

#include <vector>

#include "config/import.hpp"
#include "config/options.hpp"
#include "config/presets.hpp"
#include "config/rules.hpp"
#include "config/text.hpp"

namespace bms::config {

namespace {

constexpr std::string_view opening = R"(# Configuration

Generated from the tables in `src/config/`; a unit test compares.

The file is `/data/apps/dbus-bms/config.ini` on a GX device, and `/etc/dbus-bms/config.ini` elsewhere: driver, bridge and
console read the first of these that is there, and say in the log which one that is, or that there is none. `--config FILE`
names another one, which must be there. Everything has a default that suits a LiFePO4 battery and a cautious owner: no file,
or an empty one, is a good one. The program reads it at its start: restart the service after a change (`svc -t
/service/dbus-bms.ttyUSB0` on a GX device).

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
```

* Every option of a battery may stand in every section. What is said of the identity goes before what is said of the port, and that before `[default]`.
* Comments begin with `#` or `;`, at the start of a line or behind a blank. A text that contains one stands in double quotes.
* Flags are `yes` or `no`. Options that can be `off` or `auto` are so when nothing stands behind the `=`.
* A list that is too long for a line goes on in the next one, if that is indented.

| | |
|---|---|
| `dbus-bms config check [FILE]` | says what is wrong, line by line; exit code 2 if anything is |
| `dbus-bms config show [FILE] [--battery ID] [--json]` | every option with its value and where that comes from |
| `dbus-bms config import FILE` | turns a `config.ini` of dbus-serialbattery into one of this driver, see below |

## Faults

A fault never keeps the driver from running. It is shown in the log and on D-Bus, with file, line, what was expected and what is done instead:

* An option that cannot be used has the value it would have without that line: the one from `[default]`, or else its default.
* Where one of two values is safer, it has the safer one of that and the default: a charge limit never becomes larger through a slip. These options are marked with ▼ (the lower is safer) and ▲.
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

std::string table_of(const OptionGroup& group) {
  Settings defaults;
  std::string text = head({"Option", "Default", "May be", "Meaning"});
  for (const Option& option : group.options) {
    text += row({code(option.name) + std::string(mark_of(option.careful)), option.text_with_unit(defaults),
                 option.expected(), std::string(option.description)});
  }
  return text;
}

std::string presets() {
  std::string text =
      "## Chemistries\n\nThese defaults depend on `chemistry`. A section that names another chemistry than the one it "
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

std::string rules() {
  std::string text =
      "## What must fit together\n\nWhere it does not, the option in the last column is put right. One marked with * "
      "simply follows, as long as nobody has set it.\n\n" +
      head({"This", "must be", "that", "put right"});
  for (const OrderRule& rule : order_rules()) {
    text += row({code(rule.lower), rule.may_be_equal ? "at most" : "below", code(rule.upper),
                 code(rule.yields) + (rule.follows ? " *" : "")});
  }
  for (const NeedsRule& rule : needs_rules()) {
    text += row({code(std::string(rule.option) + " = " + std::string(rule.word)), "together with", code(rule.needed),
                 code(rule.option)});
  }
  return text + "\n";
}

std::string imports() {
  std::string text =
      "## Coming from dbus-serialbattery\n\n`dbus-bms config import FILE` writes a file of ours to its output, with "
      "the keys that each option was made from, and says which keys have become nothing. Look it through: the same "
      "number is not always the same behaviour.\n\n" +
      head({"Key", "Option"});
  for (const KeyAndFate& line : import_table()) {
    text += row({code(line.keys), line.option.empty() ? "none: " + line.reason : code(line.option)});
  }
  return text;
}

}  // namespace

std::string configuration_as_markdown() {
  std::string text(opening);
  for (const OptionGroup& group : option_groups()) {
    text += "## " + std::string(group.title) + "\n\n";
    if (!group.introduction.empty()) text += std::string(group.introduction) + "\n\n";
    text += table_of(group) + "\n";
  }
  for (const OptionGroup& group : option_groups(Subject::bridge)) {
    text +=
        "## " + std::string(group.title) + "\n\n" + std::string(group.introduction) + "\n\n" + table_of(group) + "\n";
  }
  return text + presets() + rules() + imports();
}

}  // namespace bms::config
