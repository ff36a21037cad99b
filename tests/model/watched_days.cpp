#include "watched_days.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <tuple>

#include "battery/plausibility.hpp"
#include "driver/pipeline.hpp"

namespace bms::model {

namespace {

constexpr int days = 10;
constexpr int day_s = 86400;
constexpr int poll_s = 10;
constexpr double began_unix_s = 1'780'272'000;  // 2026-06-01
constexpr std::uint32_t seed = 4;
constexpr double sun_a = 25, house_a = 9, standby_a = 0.05;
constexpr double full_cell_v = 3.45, empty_cell_v = 2.98;

constexpr PackDesign usual{.capacity_ah = 100, .soc_pct = 50, .soc_spread_pct = 0.1, .balancer_a = 0.5};

constexpr PackDesign with(OddCell odd) {
  PackDesign design = usual;
  design.odd = odd;
  return design;
}

const std::array<WatchedPack, 3> packs{
    {{"even", usual}, {"weak-cell", with({.capacity = 0.93})}, {"emptier-cell", with({.soc_pct = -6})}}};

/// Charger and house by the time of day.
class Household {
 public:
  double current_a(int second, const Pack& pack) {
    const int hour = second % day_s / 3600;
    const bool sun = hour >= 8 && hour < 16;
    const bool asleep = hour == 23 || hour == 0;
    if (sun) empty_ = false;
    if (sun) return charging_a(pack);
    if (pack.lowest_v() < empty_cell_v) empty_ = true;
    return asleep || empty_ ? -standby_a : -house_a;
  }

 private:
  /// Held at the voltage of a full pack, and where the highest cell may be.
  static double charging_a(const Pack& pack) {
    const double target_v = full_cell_v * static_cast<double>(pack.cells_v().size());
    const double room_v = std::min(target_v - pack.voltage_v(), (full_cell_v + 0.1 - pack.highest_v()) * 10);
    return std::clamp(room_v * 10, 0.0, sun_a);
  }

  bool empty_ = false;
};

Reading reading_of(const Pack& pack, double current_a, double capacity_ah, Random& noise) {
  Reading reading;
  for (const double cell_v : pack.cells_v())
    reading.cells_v.push_back(std::round((cell_v + noise.normal(0.001)) * 1000) / 1000);
  reading.voltage_v = pack.voltage_v();
  reading.current_a = current_a;
  reading.soc_pct = std::round(pack.soc_pct());
  reading.design_capacity_ah = capacity_ah;
  return reading;
}

}  // namespace

std::span<const WatchedPack> watched_packs() { return packs; }

battery::CellDocument watched(const PackDesign& design) {
  Random random(seed);
  Random noise(seed + 1);
  Pack pack(design, random);
  Household household;
  driver::PipelineConfig config;
  config.battery.poll_interval_s = poll_s;
  driver::Pipeline pipeline(battery::any_battery, config);
  double unix_s = began_unix_s;
  for (int second = 0; second < days * day_s; ++second) {
    const double current_a = household.current_a(second, pack);
    pack.advance(current_a);
    if (second % poll_s != 0) continue;
    unix_s = began_unix_s + second;
    pipeline.hear({.unix_s = unix_s});
    const Reading reading = reading_of(pack, current_a, design.capacity_ah, noise);
    std::ignore = pipeline.take(reading, /*line_noisy=*/false, TimePoint(std::chrono::seconds(second)));
  }
  return {.record = pipeline.cells(), .saved_unix_s = unix_s};
}

}  // namespace bms::model
