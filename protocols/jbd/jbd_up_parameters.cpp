// The parameters of boards of the UP series as a table.
//
// Sources: PhracturedBlue's description of the UP16S010, and captures of the vendor's application (syssi/
// esphome-jbd-bms, docs/pdus). The thresholds of the protections in block 0x1800 are left out: which of their numbers
// warn and which act, no source says.
#include "jbd/jbd_up_parameters.hpp"

#include <array>
#include <cstdio>
#include <string>

#include "jbd/jbd_decode.hpp"
#include "jbd/jbd_up_decode.hpp"
#include "parameters.hpp"

namespace bms::jbd::up {
namespace {

using Group = ParameterGroup;
using Kind = ParameterKind;

constexpr Scale cell_voltage{.unit = "V", .counts_per_unit = 1000};
constexpr Scale pack_voltage{.unit = "V", .counts_per_unit = 100};
constexpr Scale current{.unit = "A", .counts_per_unit = 100};
constexpr Scale charge{.unit = "Ah", .counts_per_unit = 10};
constexpr Scale minutes{.unit = "min"};
constexpr Scale none{};

constexpr std::size_t word = 2;
constexpr std::size_t long_word = 4;
constexpr std::size_t date = 6;
constexpr std::size_t text = 30;
constexpr std::size_t short_text = 16;

constexpr BlockParameter row(const Block& block, std::size_t offset, std::size_t size, std::string_view name,
                             const Scale& scale, Kind kind, Group group, Risk risk, std::string_view words) {
  return {readable_parameter(name, scale, kind, group, risk, words), block, offset, size, scale};
}

/// What counts by itself.
constexpr BlockParameter counter(const Block& block, std::size_t offset, std::size_t size, std::string_view name,
                                 const Scale& scale, std::string_view words) {
  BlockParameter made = row(block, offset, size, name, scale, Kind::number, Group::counters, Risk::none, words);
  made.momentary = true;
  return made;
}

// clang-format off
constexpr std::array rows = std::to_array<BlockParameter>({
    row(blocks::board,   4,   word,       "balance_start",       cell_voltage, Kind::number, Group::balancing, Risk::limits,        "Balancing begins at this cell voltage"),
    row(blocks::board,   6,   word,       "balance_window",      cell_voltage, Kind::number, Group::balancing, Risk::limits,        "Difference between cells that is balanced"),
    row(blocks::board,   12,  word,       "full_charge_voltage", pack_voltage, Kind::number, Group::capacity,  Risk::calibration,   "Pack voltage from which it counts as full"),
    row(blocks::board,   14,  word,       "full_charge_current", current,      Kind::number, Group::capacity,  Risk::calibration,   "Charge current below which it counts as full"),
    row(blocks::board,   16,  text,       "board_serial",        none,         Kind::text,   Group::identity,  Risk::never,         "Model and serial number of the board"),
    row(blocks::board,   46,  date,       "board_date",          none,         Kind::date,   Group::identity,  Risk::never,         "When the board was made"),
    row(blocks::board,   52,  text,       "pack_serial",         none,         Kind::text,   Group::identity,  Risk::never,         "Serial number of the pack; packs of one rack can have the same"),
    row(blocks::board,   82,  date,       "pack_date",           none,         Kind::date,   Group::identity,  Risk::never,         "When the pack was made"),
    row(blocks::board,   88,  text,       "bluetooth_name",      none,         Kind::text,   Group::identity,  Risk::never,         "Name under which the board is seen by Bluetooth"),
    row(blocks::board,   118, word,       "sleep_voltage",       cell_voltage, Kind::number, Group::delays,    Risk::communication, "Cell voltage below which the board goes to sleep"),
    row(blocks::board,   120, word,       "sleep_delay",         minutes,      Kind::number, Group::delays,    Risk::communication, "How long it is idle before it goes to sleep"),
    row(blocks::product, 12,  short_text, "model",               none,         Kind::text,   Group::identity,  Risk::never,         "Name of the model"),
    row(blocks::product, 28,  short_text, "project",             none,         Kind::text,   Group::identity,  Risk::never,         "Name of the maker's project"),
    counter(blocks::counters, 10, long_word, "total_charge",     charge, "Charge that has flowed in so far"),
    counter(blocks::counters, 14, long_word, "total_discharge",  charge, "Charge that has flowed out so far"),
});
// clang-format on

std::string date_in_words(const Date& day) {
  std::array<char, 40> letters{};
  std::snprintf(letters.data(), letters.size(), "%02d.%02d.%04d", day.day, day.month, day.year);
  return letters.data();
}

}  // namespace

std::span<const BlockParameter> block_parameters() { return rows; }

Result<CommandResult> value_in(const BlockParameter& parameter, Bytes payload) {
  const auto unsupported = [&](std::string_view why) {
    return failure(ErrorKind::unsupported, std::string(parameter.name).append(": ").append(why));
  };
  if (payload.size() < parameter.offset + parameter.size) return unsupported("what this board reports ends before it");
  if (parameter.kind == ParameterKind::text)
    return CommandResult{printable(payload.subspan(parameter.offset, parameter.size))};
  if (parameter.kind == ParameterKind::date) {
    const auto found = date_at(payload, parameter.offset);
    if (!found) return unsupported("this board holds no date there");
    return CommandResult{date_in_words(*found)};
  }
  std::uint32_t raw = 0;
  for (const std::uint8_t byte : payload.subspan(parameter.offset, parameter.size)) raw = raw << 8U | byte;
  return CommandResult{parameter.scale.value(raw)};
}

}  // namespace bms::jbd::up
