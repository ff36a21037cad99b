#include "pack.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>
#include <utility>

namespace bms::model {
namespace {

struct RestPoint {
  double soc_pct;
  double voltage_v;
};

constexpr RestPoint of_lfp[] = {
    {0, 2.60},   {2, 2.95},   {5, 3.10},    {10, 3.18},  {20, 3.235},   {30, 3.265}, {40, 3.285},
    {50, 3.295}, {60, 3.305}, {70, 3.325},  {80, 3.332}, {90, 3.336},   {95, 3.340}, {97, 3.350},
    {98, 3.365}, {99, 3.395}, {99.5, 3.43}, {100, 3.50}, {100.5, 3.62}, {101, 3.85}, {103, 4.5},
};
constexpr RestPoint of_li_ion[] = {
    {0, 3.00},  {2, 3.25},  {5, 3.38},  {10, 3.47}, {20, 3.57}, {30, 3.62},  {40, 3.66},  {50, 3.72},
    {60, 3.81}, {70, 3.90}, {80, 3.99}, {90, 4.08}, {95, 4.12}, {100, 4.18}, {105, 4.25}, {110, 4.36},
};
constexpr RestPoint of_lto[] = {
    {0, 1.80},  {2, 2.00},  {5, 2.08},  {10, 2.13}, {20, 2.18},  {40, 2.24},  {60, 2.31}, {80, 2.40},
    {90, 2.47}, {95, 2.53}, {98, 2.60}, {99, 2.65}, {100, 2.72}, {101, 2.84}, {102, 3.0},
};

struct KindOfCell {
  std::span<const RestPoint> rest_voltage;
  double balancer_from_v;
};
constexpr std::array<KindOfCell, 3> kinds{{{of_lfp, 3.40}, {of_li_ion, 4.00}, {of_lto, 2.50}}};

const KindOfCell& kind_of(CellKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

constexpr double usual_capacity_ah = 280;
constexpr double fast_ohm = 0.00025;
constexpr double slow_ohm = 0.0003;
constexpr double slow_s = 120;
constexpr double hysteresis_share = 0.02;  // of the capacity, from one curve most of the way to the other
constexpr std::size_t odd_cell = 3;

constexpr double balancer_spread_v = 0.005;

}  // namespace

double open_circuit_voltage_v(double soc_pct, CellKind kind) {
  const auto rest_voltage = kind_of(kind).rest_voltage;
  const auto above = std::ranges::upper_bound(rest_voltage, soc_pct, {}, &RestPoint::soc_pct);
  const auto right = std::clamp(above, rest_voltage.begin() + 1, rest_voltage.end() - 1);
  const auto left = right - 1;
  return left->voltage_v +
         (right->voltage_v - left->voltage_v) * (soc_pct - left->soc_pct) / (right->soc_pct - left->soc_pct);
}

double Pack::Cell::resting_v(CellKind kind, double half_gap_v) const {
  return open_circuit_voltage_v(soc_pct, kind) + half_gap_v * hysteresis;
}

Pack::Pack(const PackDesign& design, Random& random)
    : kind_(design.kind),
      capacity_ah_(design.capacity_ah),
      balancer_a_(design.balancer_a * design.capacity_ah / usual_capacity_ah),
      hysteresis_v_(design.hysteresis_v),
      polarisation_share_(1 - std::exp(-1 / slow_s)) {
  const double scale = design.resistance * usual_capacity_ah / design.capacity_ah;
  const auto about_one = [&] { return random.uniform(design.lowest_resistance, design.highest_resistance); };
  for (int i = 0; i < design.cells; ++i) {
    const double soc_pct = design.soc_pct + random.uniform(-design.soc_spread_pct, design.soc_spread_pct);
    const double fast = scale * fast_ohm * about_one();
    const double slow = scale * slow_ohm * about_one();
    cells_.push_back({soc_pct, fast, slow});
  }
  Cell& odd = cells_[std::min(odd_cell, cells_.size() - 1)];
  odd.soc_pct += design.odd.soc_pct;
  odd.fast_ohm *= design.odd.resistance;
  odd.slow_ohm *= design.odd.resistance;
  odd.capacity = design.odd.capacity;
  cells_v_.resize(cells_.size());
  std::ranges::transform(cells_, cells_v_.begin(),
                         [&](const Cell& cell) { return cell.resting_v(kind_, hysteresis_v_); });
  voltage_v_ = std::accumulate(cells_v_.begin(), cells_v_.end(), 0.0);
}

void Pack::charge(Cell& cell, double current_a) const {
  const double moved_share = current_a / 3600 / (capacity_ah_ * cell.capacity);
  cell.soc_pct += 100 * moved_share;
  cell.polarisation_v += (current_a * cell.slow_ohm - cell.polarisation_v) * polarisation_share_;
  const double side = current_a < 0 ? -1 : 1;
  cell.hysteresis += (side - cell.hysteresis) * std::min(1.0, std::abs(moved_share) / hysteresis_share);
}

void Pack::advance(double current_a) {
  const auto [lowest, highest] = std::ranges::minmax_element(cells_v_);
  const bool balancing = *highest > kind_of(kind_).balancer_from_v && *highest - *lowest > balancer_spread_v;
  const auto from = highest - cells_v_.begin();
  const auto to = lowest - cells_v_.begin();
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    double cell_a = current_a;
    if (balancing && std::cmp_equal(i, from)) cell_a -= balancer_a_;
    if (balancing && std::cmp_equal(i, to)) cell_a += balancer_a_;
    charge(cells_[i], cell_a);
    const Cell& cell = cells_[i];
    cells_v_[i] = cell.resting_v(kind_, hysteresis_v_) + cell.polarisation_v + cell_a * cell.fast_ohm;
  }
  voltage_v_ = std::accumulate(cells_v_.begin(), cells_v_.end(), 0.0);
}

double Pack::highest_v() const { return std::ranges::max(cells_v_); }

double Pack::lowest_v() const { return std::ranges::min(cells_v_); }

double Pack::soc_pct() const {
  const double sum = std::transform_reduce(cells_.begin(), cells_.end(), 0.0, std::plus{},
                                           [](const Cell& cell) { return std::clamp(cell.soc_pct, 0.0, 100.0); });
  return sum / static_cast<double>(cells_.size());
}

double Pack::resting_voltage_v() const {
  return std::transform_reduce(cells_.begin(), cells_.end(), 0.0, std::plus{},
                               [&](const Cell& cell) { return cell.resting_v(kind_, hysteresis_v_); });
}

double Pack::resistance_ohm() const {
  return std::transform_reduce(cells_.begin(), cells_.end(), 0.0, std::plus{},
                               [](const Cell& cell) { return cell.fast_ohm; });
}

}  // namespace bms::model
