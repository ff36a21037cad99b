// The electrical model: a charge curve, an inner resistance, and Coulomb counting.
#include "pack.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace bms::sim {
namespace {

struct CurvePoint {
  double soc_pct;
  double voltage_v;
};

// Open-circuit voltage of a lithium iron phosphate cell: flat in the middle, steep at both ends.
constexpr std::array curve{
    CurvePoint{0, 2.70},   CurvePoint{5, 3.05},   CurvePoint{10, 3.19},  CurvePoint{20, 3.24}, CurvePoint{40, 3.285},
    CurvePoint{60, 3.300}, CurvePoint{80, 3.330}, CurvePoint{95, 3.345}, CurvePoint{98, 3.38}, CurvePoint{100, 3.50},
};

constexpr double cell_resistance_ohm = 0.0006;
constexpr double cell_spread_v = 0.004;
constexpr double noise_cell_v = 0.0025;
constexpr double noise_current_a = 0.4;
constexpr double noise_temperature_c = 0.3;
constexpr double seconds_per_hour = 3600;

double open_circuit_v(double soc_pct) {
  const auto upper = std::ranges::find_if(curve, [&](const CurvePoint& point) { return soc_pct <= point.soc_pct; });
  if (upper == curve.begin()) return curve.front().voltage_v;
  if (upper == curve.end()) return curve.back().voltage_v;
  const auto lower = upper - 1;
  return std::lerp(lower->voltage_v, upper->voltage_v, (soc_pct - lower->soc_pct) / (upper->soc_pct - lower->soc_pct));
}

double symmetric(std::mt19937_64& random, double amplitude) {
  return std::uniform_real_distribution<double>(-amplitude, amplitude)(random);
}

}  // namespace

Pack::Pack(const PackOptions& options)
    : cells_(options.cells),
      capacity_ah_(options.capacity_ah),
      soc_pct_(options.soc_pct),
      drift_(options.drift),
      random_(options.seed) {
  for (Cell& cell : cells_) cell.offset_v = symmetric(random_, cell_spread_v);
  for (std::size_t sensor = 0; sensor < options.sensors; ++sensor)
    temperatures_c_.push_back(22.5 + 0.7 * static_cast<double>(sensor));
}

void Pack::advance(double seconds) {
  if (shown_a_) return;
  const double moved_pct = flowing_a() * seconds / seconds_per_hour / capacity_ah_ * 100.0;
  soc_pct_ = std::clamp(soc_pct_ + moved_pct, 0.0, 100.0);
}

void Pack::measure() {
  if (!drift_) return;
  for (Cell& cell : cells_) cell.noise_v = symmetric(random_, noise_cell_v);
  noise_a_ = symmetric(random_, noise_current_a);
  noise_c_ = symmetric(random_, noise_temperature_c);
}

double Pack::cell_v(std::size_t cell) const {
  const Cell& it = cells_[cell];
  const double steady_v =
      it.fixed_v ? *it.fixed_v : open_circuit_v(soc_pct_) + it.offset_v + flowing_a() * cell_resistance_ohm;
  return std::max(0.0, steady_v + it.noise_v);
}

double Pack::current_a() const { return (shown_a_ ? *shown_a_ : flowing_a()) + noise_a_; }

double Pack::temperature_c(std::size_t sensor) const { return temperatures_c_[sensor] + noise_c_; }

double Pack::flowing_a() const {
  if (run_a_ > 0) return charge_open_ ? 0 : run_a_;
  return discharge_open_ ? 0 : run_a_;
}

void Pack::run(double current_a) {
  run_a_ = current_a;
  shown_a_.reset();
  for (Cell& cell : cells_) cell.fixed_v.reset();
}

void Pack::set_current(double current_a) {
  run_a_ = 0;
  shown_a_ = current_a;
}

void Pack::set_voltage(double voltage_v) {
  double sum_v = 0;
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) sum_v += cell_v(cell) - cells_[cell].noise_v;
  const double shift_v = (voltage_v - sum_v) / static_cast<double>(cells_.size());
  for (std::size_t cell = 0; cell < cells_.size(); ++cell)
    cells_[cell].fixed_v = cell_v(cell) - cells_[cell].noise_v + shift_v;
}

void Pack::gate(bool charge, bool discharge) {
  charge_open_ = !charge;
  discharge_open_ = !discharge;
}

}  // namespace bms::sim
