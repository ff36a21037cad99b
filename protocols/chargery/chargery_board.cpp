// What lasts between two conversations with one Chargery board.
#include "chargery/chargery_board.hpp"

#include <algorithm>
#include <cmath>

namespace bms::chargery {
namespace {

/// The two status bytes, where the firmware has them (document V1.26). Older boards open their relays without a word.
void take_protections(Reading& to, const System& system) {
  for (std::size_t i = 0; i < protections.size(); ++i) {
    if (!system.active[i]) continue;
    to.alarms.raise(protections[i].alarm, *system.active[i] ? AlarmLevel::alarm : AlarmLevel::ok);
    if (*system.active[i]) to.raw_protection |= std::uint64_t{1} << i;
  }
  // The relays themselves are not reported: these are permissions.
  if (system.active[0]) to.charge_fet = !*system.active[0];
  if (system.active[1]) to.discharge_fet = !*system.active[1];
}

/// What an unplugged sensor seems to read stays in the list, so that nothing is charged on the strength of a sensor
/// that is not there; the warning says why.
void take_temperatures(Reading& to, const System& system, std::size_t count) {
  to.alarms.declare(Alarm::temperature_sensor);
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<double> temperature_c = system.temperatures_c[i];
    to.temperatures_c.push_back(temperature_c);
    if (!temperature_c) {
      to.alarms.raise(Alarm::temperature_sensor, AlarmLevel::alarm);
    } else if (std::lround(*temperature_c * 10) == unplugged_sensor_dc) {
      to.alarms.raise(Alarm::temperature_sensor, AlarmLevel::warning);
    }
  }
}

/// The board has no voltage of the pack: it is the sum of the cells. A counted cell without a voltage is dead or has
/// lost its sense wire; a slot with a voltage that is not counted means that the count is wrong.
void take_cells(Reading& to, const Cells& cells, std::size_t count) {
  to.alarms.declare(Alarm::internal_failure);
  unsigned sum_mv = 0;
  for (std::size_t slot = 0; slot < cells.slots_mv.size(); ++slot) {
    const unsigned slot_mv = cells.slots_mv[slot];
    const bool connected = slot_mv >= connected_mv;
    if (slot < count) {
      sum_mv += slot_mv;
      to.cells_v.push_back(slot_mv / 1000.0);
      if (!connected) to.alarms.raise(Alarm::internal_failure, AlarmLevel::alarm);
    } else if (connected) {
      to.alarms.raise(Alarm::internal_failure, AlarmLevel::warning);
    }
  }
  to.voltage_v = sum_mv / 1000.0;
  to.remaining_ah = cells.remaining_ah;
}

}  // namespace

Board::Board(std::size_t cells, std::size_t temperature_sensors)
    : cell_count_(cells), sensor_count_(temperature_sensors == 0 ? sensors : std::min(temperature_sensors, sensors)) {}

void Board::hear(Bytes chunk) {
  stream_.push(chunk, [this](const Found& found) { take(found.message); });
}

void Board::fall_silent() {
  stream_.end([this](const Found& found) { take(found.message); });
}

void Board::forget_freshness() {
  system_.forget_freshness();
  cells_.forget_freshness();
}

void Board::take(const Message& message) {
  if (const auto* const system = std::get_if<System>(&message)) return take(*system);
  if (const auto* const cells = std::get_if<Cells>(&message)) return take(*cells);
  impedances_ = std::get<Impedances>(message);
}

void Board::take(const System& system) {
  if (system.layout == Layout::system_v120) {
    ++old_systems_;
    return;
  }
  old_systems_ = 0;
  system_.take(system, [](const System& last, const System& next) { return follows(last, next); });
}

void Board::take(const Cells& cells) {
  CellWindow window;
  if (system_.value()) window = {system_.value()->discharge_end_mv, system_.value()->charge_end_mv};
  const auto follow = [&window](const Cells& last, const Cells& next) { return follows(last, next, window); };
  if (cells_.take(cells, follow)) cell_count_.take(cells, impedances_ ? impedances_->tenth_mohm.size() : 0);
}

std::string Board::model() const { return cells() ? std::string(model_name(cells()->slots_mv.size())) : std::string(); }

std::string Board::firmware() const {
  if (system() && system()->layout == Layout::system_v126) return "V1.26";
  if (cells()) return cells()->layout == Layout::cells_v122 ? "V1.22" : "V1.24 or V1.25";
  if (too_old()) return "before V1.21";
  return {};
}

Reading reading_of(const Board& board) {
  const System& system = *board.system();
  const Cells& cells = *board.cells();
  Reading reading;
  reading.current_a = system.current_a;
  if (system.soc_pct) reading.soc_pct = *system.soc_pct;
  take_temperatures(reading, system, board.sensor_count());
  take_protections(reading, system);
  take_cells(reading, cells, board.cell_count());
  return reading;
}

void add_extras_of(const Board& board, std::vector<Extra>& to) {
  const auto add = [&to](std::string_view name, double value) { to.push_back({.name = name, .value = value}); };
  if (const auto& cells = board.cells(); cells && cells->remaining_wh) add("remaining_wh", *cells->remaining_wh);
  if (const auto& system = board.system()) {
    add("cell_charge_end_v", system->charge_end_mv / 1000.0);
    if (system->discharge_end_mv) add("cell_discharge_end_v", *system->discharge_end_mv / 1000.0);
    if (system->mode) add("mode", static_cast<double>(*system->mode));
  }
  const auto& impedances = board.impedances();
  if (!impedances) return;
  add("impedance_mode", static_cast<double>(impedances->mode));
  add("impedance_current_a", impedances->current_a);
  std::uint8_t number = 0;
  for (const std::uint16_t tenth_mohm : impedances->tenth_mohm)
    to.push_back({.name = "cell_impedance_mohm", .number = ++number, .value = tenth_mohm / 10.0});
}

}  // namespace bms::chargery
