// What the blocks of the UP series hold, in SI units.
#include "jbd/jbd_up_decode.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bms::jbd::up {
namespace {

constexpr std::size_t cell_count_at = 66;
constexpr std::size_t text_size = 30;

std::uint32_t u32_be(Bytes bytes, std::size_t offset) {
  return std::uint32_t{u16_be(bytes, offset)} << 16U | u16_be(bytes, offset + 2);
}

// Counts are divided, not multiplied: 5317 / 100.0 is exactly 53.17.
double hundredths(std::uint32_t counts) { return counts / 100.0; }
double tenths(std::uint32_t counts) { return counts / 10.0; }
double millivolts(std::uint16_t counts) { return counts / 1000.0; }

/// Tenths of a degree from -50 °C on; in the pack's own status as in the plain protocol.
double temperature(std::uint16_t raw) { return (raw - 500) / 10.0; }
double own_temperature(std::uint16_t raw) { return (raw - 2731) / 10.0; }

Switches switches_of(std::uint16_t bits) {
  return {.discharge = (bits & 0x01U) != 0, .charge = (bits & 0x02U) != 0, .heater = (bits & 0x08U) != 0};
}

CurrentLimits limits_of(std::uint16_t charge, std::uint16_t discharge) {
  return {.charge_a = tenths(charge), .discharge_a = tenths(discharge)};
}

double own_voltage(Bytes payload) { return hundredths(u16_be(payload, 38)); }
CurrentLimits own_limits(Bytes payload) { return limits_of(u16_be(payload, 96), u16_be(payload, 98)); }

/// Where the list of temperatures begins, its count before it.
std::size_t sensor_count_at(Bytes payload) { return cell_count_at + 2 + 2U * u16_be(payload, cell_count_at); }

void add_what_may_be_missing(PackStatus& status, Bytes rest) {
  // Two unknown bytes, balance bits, firmware, serial number; the number of packs and their bits.
  if (rest.size() >= 4) status.balancing = u16_be(rest, 2);
  if (rest.size() >= 6) status.firmware = u16_be(rest, 4);
  if (rest.size() < 6 + text_size) return;
  status.serial = rest.subspan(6, text_size);
  const Bytes packs = rest.subspan(6 + text_size);
  if (packs.size() >= 4) status.packs = Packs{.count = u16_be(packs, 0), .mask = u16_be(packs, 2)};
}

}  // namespace

bool pack_status_fits(Bytes payload) {
  if (payload.size() < cell_count_at + 2) return false;
  const std::size_t cells = u16_be(payload, cell_count_at);
  if (cells == 0 || cells > most_cells) return false;
  const std::size_t at = sensor_count_at(payload);
  if (payload.size() < at + 2) return false;
  const std::size_t sensors = u16_be(payload, at);
  return sensors <= most_sensors && payload.size() >= at + 2 + 2 * sensors;
}

PackStatus decode_pack_status(Bytes payload) {
  PackStatus status;
  status.voltage_v = hundredths(u16_be(payload, 0));
  status.current_a = (static_cast<double>(u32_be(payload, 4)) - 300000) / 100;
  status.soc_pct = hundredths(u16_be(payload, 8));
  status.remaining_ah = hundredths(u16_be(payload, 10));
  status.full_ah = hundredths(u16_be(payload, 12));
  status.rated_ah = hundredths(u16_be(payload, 14));
  status.mosfet_c = temperature(u16_be(payload, 16));
  status.ambient_c = temperature(u16_be(payload, 18));
  status.state = u16_be(payload, 20);
  status.soh_pct = u16_be(payload, 22);
  status.faults = u32_be(payload, 24);
  status.warnings = u32_be(payload, 28);
  status.switches = switches_of(u16_be(payload, 32));
  status.cycles = u16_be(payload, 36);
  status.cell = {.highest_no = u16_be(payload, 38),
                 .highest = millivolts(u16_be(payload, 40)),
                 .lowest_no = u16_be(payload, 42),
                 .lowest = millivolts(u16_be(payload, 44))};
  status.temperature = {.highest_no = u16_be(payload, 48),
                        .highest = temperature(u16_be(payload, 50)),
                        .lowest_no = u16_be(payload, 52),
                        .lowest = temperature(u16_be(payload, 54))};
  status.charge_voltage_limit_v = tenths(u16_be(payload, 58));
  status.discharge_voltage_limit_v = tenths(u16_be(payload, 62));
  status.limits = limits_of(u16_be(payload, 60), u16_be(payload, 64));
  for (std::size_t cell = 0; cell < u16_be(payload, cell_count_at); ++cell)
    status.cells_v.push_back(millivolts(u16_be(payload, cell_count_at + 2 + 2 * cell)));
  const std::size_t at = sensor_count_at(payload);
  for (std::size_t sensor = 0; sensor < u16_be(payload, at); ++sensor)
    status.temperatures_c.push_back(temperature(u16_be(payload, at + 2 + 2 * sensor)));
  add_what_may_be_missing(status, payload.subspan(at + 2 + 2 * status.temperatures_c.size()));
  return status;
}

std::optional<CurrentLimits> decode_own_limits(Bytes payload, double voltage_v) {
  constexpr double tolerance = 0.05;
  if (std::abs(own_voltage(payload) - voltage_v) > tolerance * voltage_v) return std::nullopt;
  return own_limits(payload);
}

OwnStatus decode_own_status(Bytes payload) {
  constexpr std::size_t cell_slots = 16;
  constexpr std::size_t sensor_slots = 4;
  OwnStatus status;
  for (std::size_t cell = 0; cell < std::min<std::size_t>(u16_be(payload, 0), cell_slots); ++cell)
    status.cells_v.push_back(millivolts(u16_be(payload, 2 + 2 * cell)));
  status.cell_max_v = millivolts(u16_be(payload, 34));
  status.cell_min_v = millivolts(u16_be(payload, 36));
  status.voltage_v = own_voltage(payload);
  status.current_a = static_cast<std::int32_t>(u32_be(payload, 40)) / 100.0;
  status.temperature_max_c = own_temperature(u16_be(payload, 44));
  status.temperature_min_c = own_temperature(u16_be(payload, 46));
  status.rated_ah = hundredths(u16_be(payload, 48));
  status.remaining_ah = hundredths(u16_be(payload, 50));
  status.cycles = u16_be(payload, 52);
  status.soc_pct = u16_be(payload, 54);
  status.soh_pct = u16_be(payload, 56);
  status.faults = u32_be(payload, 58);
  status.switches = switches_of(u16_be(payload, 62));
  // Each pair of bytes is swapped.
  boost::container::static_vector<std::uint8_t, text_size> text(payload.begin() + 66, payload.begin() + 66 + text_size);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) std::swap(text[i], text[i + 1]);
  status.serial = printable(text);
  status.limits = own_limits(payload);
  status.mosfet_c = own_temperature(u16_be(payload, 102));
  status.ambient_c = own_temperature(u16_be(payload, 104));
  for (std::size_t sensor = 0; sensor < std::min<std::size_t>(payload[106], sensor_slots); ++sensor)
    status.temperatures_c.push_back(own_temperature(u16_be(payload, 108 + 2 * sensor)));
  return status;
}

BoardInfo decode_board_info(Bytes payload) {
  return {.balance_start_v = millivolts(u16_be(payload, 4)),
          .balance_difference_v = millivolts(u16_be(payload, 6)),
          .board_serial = printable(payload.subspan(16, text_size)),
          .board_date = date_at(payload, 46),
          .pack_serial = printable(payload.subspan(52, text_size)),
          .pack_date = date_at(payload, 82),
          .device_name = printable(payload.subspan(88, text_size))};
}

Counters decode_counters(Bytes payload) {
  return {.soc_pct = hundredths(u16_be(payload, 0)),
          .soh_pct = u16_be(payload, 2),
          .cycles = u16_be(payload, 4),
          .charged_ah = tenths(u32_be(payload, 10)),
          .discharged_ah = tenths(u32_be(payload, 14))};
}

Product decode_product(Bytes payload) {
  const auto number = [&](std::size_t offset) { return std::to_string(u16_be(payload, offset)); };
  return {.firmware = number(4) + "." + number(6) + "." + number(8), .model = printable(payload.subspan(12, 16))};
}

std::optional<Date> date_at(Bytes payload, std::size_t offset) {
  const Date date{
      .year = u16_be(payload, offset), .month = u16_be(payload, offset + 2), .day = u16_be(payload, offset + 4)};
  if (date.year < 2000 || date.year > 2127 || date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31)
    return std::nullopt;
  return date;
}

std::string firmware_text(std::uint16_t firmware) {
  if (firmware >> 8U == 0) return {};
  return std::to_string(firmware >> 8U) + "." + std::to_string(firmware & 0xFFU);
}

}  // namespace bms::jbd::up
