// What the payloads of JBD replies mean, in SI units.
#include "jbd/jbd_decode.hpp"

#include <algorithm>
#include <cmath>

#include "bms/words.hpp"
#include "jbd/jbd_frame.hpp"

namespace bms::jbd {
namespace {

constexpr std::size_t fixed_part = 23;
constexpr std::size_t addressed_fixed_part = 29;
constexpr std::size_t tail_size = 9;

/// Checks a payload against what its register allows, in the direction of a read.
std::optional<Error> misfit(std::uint8_t address, Bytes payload, const char* content, Layout layout = Layout::plain) {
  const Expectation expected{.address = address, .direction = Direction::read};
  const Reply reply{.address = address,
                    .status = 0,
                    .payload = payload,
                    .board = layout == Layout::addressed ? BoardAddress(0) : BoardAddress()};
  if (content_fits(reply, expected)) return std::nullopt;
  return Error{ErrorKind::length, std::string(content) + ": " + counted(payload.size(), "byte") + " cannot be right",
               std::nullopt};
}

std::optional<Date> decode_date(std::uint16_t packed) {
  const Date date{.year = 2000 + (packed >> 9U), .month = (packed >> 5U) & 0x0F, .day = packed & 0x1F};
  if (date.month < 1 || date.month > 12 || date.day < 1) return std::nullopt;
  return date;
}

std::optional<double> decode_temperature(std::uint16_t raw) {
  if (raw == 0) return std::nullopt;
  return (raw - 2731) / 10.0;
}

/// Boards with an address send 150.0 or -30.0 °C for a sensor that is not there (a log in the README of
/// stefan064/esphome-jbd-bms).
std::optional<double> decode_addressed_temperature(std::uint16_t raw) {
  constexpr std::uint16_t absent[] = {2731 + 1500, 2731 - 300};
  if (std::ranges::find(absent, raw) != std::end(absent)) return std::nullopt;
  return decode_temperature(raw);
}

BasicTail decode_tail(Bytes tail, double counts_per_ah) {
  return {.humidity_pct = tail[0],
          .alarm_status = u16_be(tail, 1),
          .full_ah = u16_be(tail, 3) / counts_per_ah,
          .remaining_ah = u16_be(tail, 5) / counts_per_ah,
          .balance_current_raw = u16_be(tail, 7)};
}

void add_addressed_part(BasicInfo& info, Bytes payload) {
  info.addressed = AddressedPart{.alarm_word = u16_be(payload, 22),
                                 .ambient_c = decode_addressed_temperature(u16_be(payload, 24)),
                                 .mosfet_c = decode_addressed_temperature(u16_be(payload, 26))};
  const std::size_t sensors = payload[addressed_fixed_part - 1];
  for (std::size_t i = 0; i < sensors; ++i)
    info.temperatures_c.push_back(decode_addressed_temperature(u16_be(payload, addressed_fixed_part + 2 * i)));
}

}  // namespace

Result<BasicInfo> decode_basic_info(Bytes payload, Layout layout) {
  if (auto error = misfit(registers::basic_info, payload, "basic information", layout))
    return std::unexpected(*std::move(error));

  const std::uint8_t fets = payload[20];
  BasicInfo info;
  info.high_current = (fets & 0x80U) != 0;
  // Counts are divided, not multiplied: 1370 / 100.0 is exactly 13.7.
  const double counts_per_a = info.high_current ? 10 : 100;
  info.voltage_v = u16_be(payload, 0) / 100.0;
  info.current_a = s16_be(payload, 2) / counts_per_a;
  info.remaining_ah = u16_be(payload, 4) / counts_per_a;
  info.design_capacity_ah = u16_be(payload, 6) / counts_per_a;
  info.cycles = u16_be(payload, 8);
  info.manufactured = decode_date(u16_be(payload, 10));
  info.balancing = u16_be(payload, 12) | std::uint32_t{u16_be(payload, 14)} << 16U;
  info.protection = u16_be(payload, 16);
  info.version = payload[18];
  info.soc_pct = payload[19];
  info.charge_fet = (fets & 0x01U) != 0;
  info.discharge_fet = (fets & 0x02U) != 0;
  info.cell_count = payload[21];

  if (layout == Layout::addressed) {
    add_addressed_part(info, payload);
    return info;
  }
  const std::size_t sensors = payload[fixed_part - 1];
  for (std::size_t i = 0; i < sensors; ++i)
    info.temperatures_c.push_back(decode_temperature(u16_be(payload, fixed_part + 2 * i)));
  const Bytes rest = payload.subspan(fixed_part + 2 * sensors);
  if (rest.size() >= tail_size) info.tail = decode_tail(rest, counts_per_a);
  return info;
}

double finer_soc_pct(double whole_pct, double remaining_ah, double full_ah) {
  if (full_ah <= 0) return whole_pct;
  const double fine = 100 * remaining_ah / full_ah;
  if (std::abs(std::round(fine) - whole_pct) > 1) return whole_pct;
  return std::min(fine, 100.0);
}

Result<CellVoltages> decode_cell_voltages(Bytes payload) {
  if (auto error = misfit(registers::cell_voltages, payload, "cell voltages"))
    return std::unexpected(*std::move(error));
  CellVoltages cells;
  for (std::size_t at = 0; at < payload.size(); at += 2) cells.push_back(u16_be(payload, at) / 1000.0);
  return cells;
}

std::string decode_device_name(Bytes payload) { return printable(payload); }

Result<std::string> decode_text(Bytes payload) {
  if (auto error = misfit(registers::manufacturer_text, payload, "text")) return std::unexpected(*std::move(error));
  return printable(payload.subspan(1, payload[0]));
}

Result<ErrorCounts> decode_error_counts(Bytes payload) {
  if (auto error = misfit(registers::error_counts, payload, "error counts")) return std::unexpected(*std::move(error));
  ErrorCounts counts;
  for (std::size_t at = 0; at < payload.size(); at += 2) counts.push_back(u16_be(payload, at));
  return counts;
}

Result<Parameters> decode_parameters(Bytes payload) {
  if (auto error = misfit(registers::parameters, payload, "parameters")) return std::unexpected(*std::move(error));
  Parameters parameters{.first = u16_be(payload, 0), .words = {}};
  for (std::size_t at = 3; at < payload.size(); at += 2) parameters.words.push_back(u16_be(payload, at));
  return parameters;
}

std::string version_text(std::uint8_t version) {
  return std::to_string(version >> 4U) + "." + std::to_string(version & 0x0FU);
}

std::string printable(Bytes text) {
  std::string result;
  for (const std::uint8_t byte : text) {
    if (byte == 0) break;
    result += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?';
  }
  return result;
}

}  // namespace bms::jbd
