// What a board of the UP series reports, block by block. Layouts: syssi/esphome-jbd-bms (docs/pdus/
// JBD-UP16S020-two-devices.txt), the UP16S driver of mr-manuel/venus-os_dbus-serialbattery.
#include <algorithm>
#include <cmath>

#include "jbd_up_board.hpp"
#include "wire.hpp"

namespace bms::sim {
namespace {

constexpr std::size_t text_size = 30;
constexpr double mosfet_c = 26.1;
constexpr double ambient_c = 24.7;
constexpr unsigned nothing = 0;

void put_text(std::vector<std::uint8_t>& to, std::string_view text, std::size_t size = text_size) {
  for (std::size_t i = 0; i < size; ++i) to.push_back(i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0);
}

long tenths(double value) { return std::lround(value * 10); }
long hundredths(double value) { return std::lround(value * 100); }

/// Tenths of a degree from -50 on, and from absolute zero on in what a pack says of itself.
long warm(double temperature_c) { return tenths(temperature_c) + 500; }
long absolute(double temperature_c) { return tenths(temperature_c) + 2731; }

constexpr std::string_view pack_serial = "JBD48100000";

}  // namespace

unsigned JbdUpBoard::cell_mv(std::size_t cell) const {
  return static_cast<unsigned>(std::clamp(std::lround(pack_.cell_v(cell) * 1000), 0L, 0xFFFFL));
}

unsigned JbdUpBoard::voltage_10mv() const {
  if (reported_voltage_v_) return static_cast<unsigned>(hundredths(*reported_voltage_v_));
  unsigned sum_mv = 0;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) sum_mv += cell_mv(cell);
  return (sum_mv + 5) / 10;
}

long JbdUpBoard::current_10ma() const { return hundredths(pack_.current_a()); }

// Of other packs a master knows whole percentages.
unsigned JbdUpBoard::soc_counts() const {
  const long exact = hundredths(pack_.soc_pct());
  return static_cast<unsigned>(is_master() ? exact : exact / 100 * 100);
}

long JbdUpBoard::temperature_100mk(std::size_t sensor) const { return tenths(pack_.temperature_c(sensor)); }

std::size_t JbdUpBoard::extreme_cell(bool highest) const {
  std::size_t found = 0;
  for (std::size_t cell = 1; cell < pack_.cell_count(); ++cell)
    if (highest ? cell_mv(cell) > cell_mv(found) : cell_mv(cell) < cell_mv(found)) found = cell;
  return found;
}

std::size_t JbdUpBoard::extreme_sensor(bool highest) const {
  std::size_t found = 0;
  for (std::size_t sensor = 1; sensor < pack_.sensor_count(); ++sensor) {
    const bool beyond = highest ? temperature_100mk(sensor) > temperature_100mk(found)
                                : temperature_100mk(sensor) < temperature_100mk(found);
    if (beyond) found = sensor;
  }
  return found;
}

unsigned JbdUpBoard::balancing() const {
  constexpr unsigned start_mv = 3400;
  constexpr unsigned window_mv = 30;
  const unsigned lowest_mv = cell_mv(extreme_cell(false));
  unsigned bits = 0;
  for (std::size_t cell = 0; cell < std::min<std::size_t>(pack_.cell_count(), 16); ++cell)
    if (cell_mv(cell) >= start_mv && cell_mv(cell) > lowest_mv + window_mv) bits |= 1U << cell;
  return bits;
}

unsigned JbdUpBoard::switches() const {
  return (discharge_fet() ? 1U : 0U) | (charge_fet() ? 2U : 0U) | (heater_ ? 8U : 0U);
}

JbdUpBoard::Payload JbdUpBoard::pack_status() {
  ++polls_;
  pack_.measure();
  Payload to;
  put(to, voltage_10mv());
  put(to, is_master() ? nothing : voltage_10mv());
  put(to, current_10ma() + 300000, 4);
  put(to, soc_counts());
  put(to, hundredths(pack_.remaining_ah()));
  put(to, hundredths(pack_.capacity_ah()));
  put(to, hundredths(pack_.capacity_ah()));
  put(to, warm(mosfet_c));
  put(to, warm(ambient_c));
  put(to, current_10ma() == 0 ? 0 : current_10ma() > 0 ? 1 : 2);
  put(to, 100);
  put(to, static_cast<long>(faults_.to_ulong()), 4);
  put(to, static_cast<long>(warnings_.to_ulong()), 4);
  put(to, switches());
  put(to, is_master() ? 4 : 0);
  put(to, std::lround(pack_.cycles()));
  put_extremes(to);
  const auto cells = static_cast<double>(pack_.cell_count());
  put(to, tenths(cells * 3.65));
  put(to, tenths(charge_limit_a_ * packs_told()));
  put(to, tenths(cells * 2.8));
  put(to, tenths(discharge_limit_a_ * packs_told()));
  put_cells_and_temperatures(to);
  put_end_of_status(to);
  return to;
}

void JbdUpBoard::put_extremes(Payload& to) const {
  for (const bool highest : {true, false}) {
    put(to, static_cast<long>(extreme_cell(highest)) + 1);
    put(to, cell_mv(extreme_cell(highest)));
  }
  put(to, std::lround(voltage_10mv() * 10.0 / static_cast<double>(pack_.cell_count())));
  if (pack_.sensor_count() == 0) {
    for (int i = 0; i < 5; ++i) put(to, 0);
    return;
  }
  for (const bool highest : {true, false}) {
    put(to, static_cast<long>(extreme_sensor(highest)) + 1);
    put(to, temperature_100mk(extreme_sensor(highest)) + 500);
  }
  put(to, temperature_100mk(0) + 500);
}

void JbdUpBoard::put_cells_and_temperatures(Payload& to) const {
  put(to, static_cast<long>(pack_.cell_count()));
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) put(to, cell_mv(cell));
  put(to, static_cast<long>(pack_.sensor_count()));
  for (std::size_t sensor = 0; sensor < pack_.sensor_count(); ++sensor) put(to, temperature_100mk(sensor) + 500);
}

void JbdUpBoard::put_end_of_status(Payload& to) const {
  put(to, 0);
  put(to, balancing());
  put(to, is_master() ? (options_.old_firmware ? 0x0A02 : 0x0C04) : 0x0004);
  put_text(to, pack_serial);
  if (options_.old_firmware) return;
  put(to, packs_told());
  put(to, is_master() ? (1L << options_.packs) - 1 : 1L << (options_.address - 1));
  if (!is_master()) return;
  put(to, 0x5AA6);
  for (int i = 0; i < 3; ++i) put(to, 0);
}

JbdUpBoard::Payload JbdUpBoard::own_status() const {
  constexpr std::size_t cell_slots = 16;
  constexpr std::size_t sensor_slots = 4;
  Payload to;
  put(to, static_cast<long>(std::min(pack_.cell_count(), cell_slots)));
  for (std::size_t cell = 0; cell < cell_slots; ++cell) put(to, cell < pack_.cell_count() ? cell_mv(cell) : 0);
  put(to, cell_mv(extreme_cell(true)));
  put(to, cell_mv(extreme_cell(false)));
  put(to, voltage_10mv());
  put(to, current_10ma(), 4);
  const bool measures = pack_.sensor_count() > 0;
  for (const bool highest : {true, false}) put(to, measures ? temperature_100mk(extreme_sensor(highest)) + 2731 : 0);
  put(to, hundredths(pack_.capacity_ah()));
  put(to, hundredths(pack_.remaining_ah()));
  put(to, std::lround(pack_.cycles()));
  put(to, std::lround(pack_.soc_pct()));
  put(to, 100);
  put(to, static_cast<long>(faults_.to_ulong()), 4);
  put(to, switches());
  put(to, static_cast<long>(warnings_.to_ulong() & 0xFFFFU));
  Payload text;
  put_text(text, pack_serial);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) std::swap(text[i], text[i + 1]);
  to.insert(to.end(), text.begin(), text.end());
  put(to, tenths(charge_limit_a_));
  put(to, tenths(discharge_limit_a_));
  put(to, 8);
  put(to, absolute(mosfet_c));
  put(to, absolute(ambient_c));
  to.push_back(static_cast<std::uint8_t>(std::min(pack_.sensor_count(), sensor_slots)));
  to.push_back(static_cast<std::uint8_t>(measures ? extreme_sensor(true) + 1 : 0));
  for (std::size_t sensor = 0; sensor < sensor_slots; ++sensor)
    put(to, sensor < pack_.sensor_count() ? temperature_100mk(sensor) + 2731 : 0);
  return to;
}

JbdUpBoard::Payload JbdUpBoard::board_info() const {
  Payload to(4);
  for (const int value : {3400, 30, 500, 600, 5680, 1500}) put(to, value);
  put_text(to, options_.serial);
  for (const int value : {2025, 4, 17}) put(to, value);
  put_text(to, pack_serial);
  for (const int value : {2025, 3, 18}) put(to, value);
  put_text(to, "ECO-LFP48100-3U-000001");
  for (const int value : {3150, 1440, 1}) put(to, value);
  to.resize(134);
  return to;
}

JbdUpBoard::Payload JbdUpBoard::counters() const {
  Payload to;
  put(to, hundredths(pack_.soc_pct()));
  put(to, 100);
  put(to, std::lround(pack_.cycles()));
  put(to, 150);
  put(to, 80);
  put(to, 10507, 4);
  put(to, 9733, 4);
  return to;
}

JbdUpBoard::Payload JbdUpBoard::product() const {
  Payload to;
  for (const int value : {33, 3, 12, 4, 7, 36}) put(to, value);
  put_text(to, "UP16S020.16S100A", 16);
  put_text(to, "JBD", 16);
  return to;
}

nlohmann::json JbdUpBoard::state() const {
  nlohmann::json cells = nlohmann::json::array();
  nlohmann::json temperatures = nlohmann::json::array();
  nlohmann::json protections = nlohmann::json::array();
  nlohmann::json balancing_cells = nlohmann::json::array();
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) cells.push_back(cell_mv(cell) / 1000.0);
  for (std::size_t sensor = 0; sensor < pack_.sensor_count(); ++sensor)
    temperatures.push_back(static_cast<double>(temperature_100mk(sensor)) / 10.0);
  for (std::size_t bit = 0; bit < jbd_up_faults.size(); ++bit)
    if (faults_[bit]) protections.push_back(jbd_up_faults[bit].name);
  for (std::size_t cell = 0; cell < 16; ++cell)
    if ((balancing() >> cell & 1U) != 0) balancing_cells.push_back(cell + 1);
  return {
      {"cells_v", cells},
      {"voltage_v", voltage_10mv() / 100.0},
      {"current_a", static_cast<double>(current_10ma()) / 100.0},
      {"soc_pct", soc_counts() / 100.0},
      {"temperatures_c", temperatures},
      {"remaining_ah", static_cast<double>(hundredths(pack_.remaining_ah())) / 100.0},
      {"capacity_ah", static_cast<double>(hundredths(pack_.capacity_ah())) / 100.0},
      {"cycles", std::lround(pack_.cycles())},
      {"protection", protections},
      {"balancing", balancing_cells},
      {"fets", {{"charge", charge_fet()}, {"discharge", discharge_fet()}}},
      {"limits_a", {{"charge", charge_limit_a_}, {"discharge", discharge_limit_a_}}},
      {"polls", polls_},
      {"writes", writes_},
  };
}

}  // namespace bms::sim
