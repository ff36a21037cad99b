// Writes the tables of paths down for people.
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "items/battery_paths.hpp"
#include "items/user_settings.hpp"

namespace bms::items {
namespace {

constexpr std::string_view opening =
    R"(# D-Bus paths of a battery

Generated from the tables in `src/items` by `tools/docs`; a unit test compares.

* Type: `d` real number, `i` integer, `s` text. A value that is not known is an empty array `ai`.
* Text: what `GetText` makes of the value.
* Step: smaller changes are not announced; "down" never rounds up.
* Kept: when the value is shown while the BMS is silent. `fresh`: not at all. `stale`: until the currents are released.
  `lost`: until the BMS counts as lost. `always`: it is no measurement.
* W: can be written.
* Copy: of another path, for a page of the screen. Whoever asks gets the newest value; changes from one value to
  another are announced every 5 s at most.

| Path | Type | Text | Step | Kept | Meaning |
|---|---|---|---|---|---|
)";

constexpr std::string_view settings_opening =
    R"(
Settings that an owner changes while the battery is in use. They read as what is in force; `GetMin`, `GetMax` and
`GetDefault` (what is configured) answer. Never more than the configuration allows. Writing the configured value, or an
empty array, makes a setting follow the configuration again. Kept in `com.victronenergy.settings` below
`/Settings/Devices/<id>/`, under the last part of the path, where -1 stands for "as configured".

| Path | Type | Text | Meaning |
|---|---|---|---|
)";

std::string_view type_name(Type type) {
  switch (type) {
    case Type::integer: return "i";
    case Type::real: return "d";
    case Type::text: return "s";
  }
  return "";
}

std::string pattern(const Kind& kind) {
  if (kind.type == Type::text) return "`%s`";
  if (kind.format.hex) return "`0x%X`";
  if (kind.type == Type::integer) return fmt::format("`%d{}`", kind.format.unit);
  const std::string_view unit = kind.format.unit;
  return fmt::format("`%.{}f{}`", kind.format.decimals, unit == "%" ? "%%" : unit);
}

std::string step(const Kind& kind) {
  if (kind.type != Type::real) return "";
  const Resolution& resolution = kind.resolution;
  std::string result = fmt::format("{}", 1 / resolution.counts_per_unit);
  if (resolution.fine_counts > 0)
    result += fmt::format(" ({} below {})", 1 / resolution.fine_counts, resolution.fine_below);
  return result + (resolution.downwards ? ", down" : "");
}

std::string_view kept(Lasts trust) {
  switch (trust) {
    case Lasts::fresh: return "fresh";
    case Lasts::held: return "stale";
    case Lasts::until_lost: return "lost";
    case Lasts::always: return "always";
  }
  return "";
}

/// Both tables have these columns.
template <class Row>
std::string line(const Row& row, bool writable, std::string_view note = "") {
  return fmt::format("| `{}`{} | {} | {} | {} | {} | {}{}{} |\n", row.path, writable ? " W" : "",
                     type_name(row.kind.type), pattern(row.kind), step(row.kind), kept(row.trust),
                     row.kind.copy ? "copy: " : "", row.meaning, note);
}

}  // namespace

std::string paths_as_markdown() {
  std::string page{opening};
  for (const auto table : battery_paths())
    for (const Path& row : table)
      page += line(row, row.writable != Writable::no,
                   row.there ? fmt::format("; the path is there {}", row.there->where) : "");
  page += R"(
For every cell or temperature sensor of the first reading (`<n>` counts from 1), every configured SoC, each of the last
four errors (1 is the newest), every unit of a BMS that has several (`<n>` counts from 0), and every pack of a bank with
its cells (`<c>`). Below `/Battery` a battery that is no bank is its own pack, without what is said to be of a pack:

)";
  page += "| Path | Type | Text | Step | Kept | Meaning |\n|---|---|---|---|---|---|\n";
  for (const auto table : numbered_paths())
    for (const NumberedPath& row : table) page += line(row, row.writable != Writable::no);
  page +=
      "\nNumbers of `/Info/ChargeLimitationCode` and `/Info/DischargeLimitationCode`:\n\n| Number | Meaning "
      "|\n|---|---|\n";
  for (unsigned code = 0; code < limit_reason_count; ++code) {
    const std::string_view name = name_of(static_cast<LimitReason>(code));
    page += fmt::format("| {} | {} |\n", code, name.empty() ? "not known" : name);
  }
  page += fmt::format(R"(
`{}` (d, `%.1fs`) is the time since the newest reading that was believed. It is computed for
whoever asks with GetValue and is never announced: a change of it would wake everybody on the bus for nothing.
)",
                      reading_age_path);
  page += settings_opening;
  for (const UserSetting& row : user_setting_rows())
    page +=
        fmt::format("| `{}` W | {} | {} | {} |\n", row.path, type_name(row.kind.type), pattern(row.kind), row.meaning);
  return page;
}

}  // namespace bms::items
