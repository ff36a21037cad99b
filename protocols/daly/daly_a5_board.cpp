// What lasts between two conversations with one 0xA5 board: when a reading may follow another one.
#include "daly/daly_a5_board.hpp"

#include <algorithm>
#include <cmath>

#include "daly/daly_a5_settings.hpp"

namespace bms::daly {
namespace {

// What may change between two polls without being asked for again. Asking again costs a twentieth of a second, so
// these are narrow: a load that is switched on is worth a second question.
constexpr double voltage_step_ratio = 0.02;
constexpr double voltage_step_v = 0.2;
constexpr double current_step_ratio = 0.2;
constexpr double current_step_a = 10;
constexpr double soc_step_pct = 1;
constexpr double remaining_step_ratio = 0.01;
constexpr double remaining_step_ah = 1;
constexpr double cell_step_v = 0.05;
constexpr int temperature_step_c = 1;

constexpr double cell_low_v = 0.5;
constexpr double cell_high_v = 4.8;

bool near(double a, double b, double ratio, double step) {
  return std::abs(a - b) <= std::max(std::abs(a), std::abs(b)) * ratio + step;
}

template <class T>
T middle_of(const T& a, const T& b, const T& c) {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

bool majority(bool a, bool b, bool c) { return (a && b) || (a && c) || (b && c); }

/// By how much most cells have moved: a load moves all of them alike.
double usual_step_v(const CellReading& from, const CellReading& to) {
  boost::container::static_vector<double, most_cells> steps;
  for (std::size_t cell = 0; cell < to.cells_v.size(); ++cell) steps.push_back(to.cells_v[cell] - from.cells_v[cell]);
  const auto half = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), half, steps.end());
  return *half;
}

}  // namespace

bool PackReading::follows(const PackReading& previous) const {
  return near(voltage_v, previous.voltage_v, voltage_step_ratio, voltage_step_v) &&
         near(current_a, previous.current_a, current_step_ratio, current_step_a) &&
         std::abs(soc_pct - previous.soc_pct) <= soc_step_pct;
}

PackReading PackReading::middle(const PackReading& a, const PackReading& b, const PackReading& c) {
  PackReading result;
  result.voltage_v = middle_of(a.voltage_v, b.voltage_v, c.voltage_v);
  result.current_a = middle_of(a.current_a, b.current_a, c.current_a);
  result.soc_pct = middle_of(a.soc_pct, b.soc_pct, c.soc_pct);
  return result;
}

bool FetReading::follows(const FetReading& previous) const {
  return charge == previous.charge && discharge == previous.discharge &&
         near(remaining_ah, previous.remaining_ah, remaining_step_ratio, remaining_step_ah);
}

FetReading FetReading::middle(const FetReading& a, const FetReading& b, const FetReading& c) {
  FetReading result = c;
  result.charge = majority(a.charge, b.charge, c.charge);
  result.discharge = majority(a.discharge, b.discharge, c.discharge);
  result.remaining_ah = middle_of(a.remaining_ah, b.remaining_ah, c.remaining_ah);
  return result;
}

bool CellReading::alone() const {
  return std::ranges::all_of(cells_v, [](double cell) { return cell >= cell_low_v && cell <= cell_high_v; });
}

bool CellReading::follows(const CellReading& previous) const {
  if (cells_v.size() != previous.cells_v.size() || cells_v.empty()) return false;
  const double usual_v = usual_step_v(previous, *this);
  for (std::size_t cell = 0; cell < cells_v.size(); ++cell)
    if (std::abs(cells_v[cell] - previous.cells_v[cell] - usual_v) > cell_step_v) return false;
  return true;
}

CellReading CellReading::middle(const CellReading& a, const CellReading& b, const CellReading& c) {
  if (a.cells_v.size() != c.cells_v.size() || b.cells_v.size() != c.cells_v.size()) return c;
  CellReading result;
  for (std::size_t cell = 0; cell < c.cells_v.size(); ++cell)
    result.cells_v.push_back(middle_of(a.cells_v[cell], b.cells_v[cell], c.cells_v[cell]));
  return result;
}

bool TemperatureReading::agrees(const TemperatureReading& other) const {
  return std::ranges::equal(temperatures_c, other.temperatures_c, [](const auto& a, const auto& b) {
    return a.has_value() == b.has_value() && (!a || std::abs(*a - *b) <= temperature_step_c);
  });
}

TemperatureReading TemperatureReading::middle(const TemperatureReading& a, const TemperatureReading& b,
                                              const TemperatureReading& c) {
  if (a.temperatures_c.size() != c.temperatures_c.size() || b.temperatures_c.size() != c.temperatures_c.size())
    return c;
  TemperatureReading result;
  for (std::size_t sensor = 0; sensor < c.temperatures_c.size(); ++sensor)
    result.temperatures_c.push_back(
        middle_of(a.temperatures_c[sensor], b.temperatures_c[sensor], c.temperatures_c[sensor]));
  return result;
}

std::optional<std::size_t> A5Board::cell_count() const {
  if (user_cells > 0) return user_cells;
  if (!layout.value()) return std::nullopt;
  return layout.value()->cells;
}

std::optional<std::size_t> A5Board::sensor_count() const {
  if (user_sensors > 0) return user_sensors;
  if (!layout.value()) return std::nullopt;
  return layout.value()->sensors;
}

void A5Board::learn(const Status& status) {
  layout.offer({.cells = status.cells, .sensors = status.sensors});
  cycles.offer(status.cycles);
  cycles_in_tail.offer(status.cycles_in_tail);
}

void A5Board::learn(const Extremes& cell_range) {
  // The tail repeats the state of charge; when that is 0, nothing can be concluded.
  if (pack.believed() && pack.believed()->soc_pct > 0) fills_with_zeros.offer(cell_range.tail == 0);
}

void A5Board::learn_rated(const Data& data) {
  // 0 is what boards say on which it was never set.
  if (const double rated = value_of(a5_settings().front(), data); rated > 0) rated_ah.offer(rated);
}

std::optional<unsigned> A5Board::cycle_count() const {
  if (!fills_with_zeros.value()) return std::nullopt;
  return *fills_with_zeros.value() ? cycles_in_tail.value() : cycles.value();
}

}  // namespace bms::daly
