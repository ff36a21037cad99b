#include "charge/profiles.hpp"

#include <algorithm>
#include <array>

namespace bms::charge {

namespace {

constexpr double table_target_v = 3.450;
constexpr double table_low_v = 2.900;
constexpr double table_end_v = 2.800;

// The tail from 2 % to 0.1 % lets the balancer work while a runner is held; it ends early enough that the runner does
// not creep up to where the tail is all that the balancer removes.
constexpr std::array<Point, 9> smooth_charge{{{3.40, 1},
                                              {3.43, .50},
                                              {3.45, .15},
                                              {3.465, .05},
                                              {3.48, .02},
                                              {3.49, .012},
                                              {3.50, .006},
                                              {3.51, .001},
                                              {3.53, 0}}};
// It does not reach 0: that would switch inverters off. Only the cut-off does.
constexpr std::array<Point, 6> smooth_discharge{
    {{2.80, .02}, {2.85, .05}, {2.90, .10}, {2.95, .30}, {3.00, .60}, {3.05, 1}}};

constexpr std::array<Point, 5> serialbattery_charge{
    {{3.375, 1}, {3.400, .25}, {3.425, .05}, {3.450, .005}, {3.500, 0}}};
constexpr std::array<Point, 5> serialbattery_discharge{
    {{2.800, 0}, {2.900, .005}, {3.000, .05}, {3.100, .25}, {3.190, 1}}};
constexpr std::array<Point, 4> serialbattery_charge_soc{{{85, 1}, {90, .5}, {95, .2}, {98, .1}}};
constexpr std::array<Point, 4> serialbattery_discharge_soc{{{5, .1}, {10, .2}, {15, .5}, {20, 1}}};

constexpr std::array<ProfileRules, 5> profile_rules{{
    {.profile = Profile::smooth,
     .charge_by_cell = smooth_charge,
     .discharge_by_cell = smooth_discharge,
     .look_ahead = true,
     .leads_voltage = true},
    {.profile = Profile::serialbattery_linear,
     .charge_by_cell = serialbattery_charge,
     .discharge_by_cell = serialbattery_discharge},
    {.profile = Profile::serialbattery_step,
     .charge_by_cell = serialbattery_charge,
     .discharge_by_cell = serialbattery_discharge,
     .steps = true},
    {.profile = Profile::first_release, .soc_steps = true},
    {.profile = Profile::bms,
     .charge_by_cell = smooth_charge,
     .discharge_by_cell = smooth_discharge,
     .look_ahead = true,
     .asks_the_bms = true},
}};

Curve copy_of(std::span<const Point> points) { return {points.begin(), points.end()}; }

// Between the target and the end there must be room for the tail, else nothing would be left to balance with.
constexpr double least_tail = 0.5;

/// Moves a curve that is made for `from_v` to `target_v`.
Curve moved(std::span<const Point> points, double from_v, double target_v, double scale,
            std::optional<double> ceiling_v) {
  Curve curve = copy_of(points);
  const double tail_v = curve.back().at - from_v;
  double knee_v = target_v;
  if (tail_v > 0 && ceiling_v && knee_v + scale * tail_v > *ceiling_v) {
    knee_v = std::min(target_v, *ceiling_v - least_tail * scale * tail_v);
    scale = (*ceiling_v - knee_v) / tail_v;
  }
  for (Point& point : curve) {
    const double offset_v = point.at - from_v;
    point.at = knee_v + (offset_v > 0 ? scale * offset_v : offset_v);
  }
  return curve;
}

}  // namespace

const ProfileRules& rules_of(Profile profile) {
  const auto found = std::ranges::find(profile_rules, profile, &ProfileRules::profile);
  return found == profile_rules.end() ? profile_rules.front() : *found;
}

double share_at(const Curve& curve, double at, bool steps) {
  if (curve.empty()) return 1;
  return std::clamp(steps ? lower_step(curve, at) : interpolate(curve, at), 0.0, 1.0);
}

Curve charge_cell_curve(const Config& config, const ProfileRules& rules, double target_v,
                        std::optional<double> ceiling_v) {
  if (rules.charge_by_cell.empty()) return {};
  if (!config.charge_cell_curve.empty()) {
    return moved(config.charge_cell_curve, config.absorption_cell_v, target_v, 1, ceiling_v);
  }
  return moved(rules.charge_by_cell, table_target_v, target_v, config.charge_knee_scale, ceiling_v);
}

Curve protecting_cell_curve(const Config& config, double target_v, std::optional<double> ceiling_v) {
  return moved(smooth_charge, table_target_v, target_v, config.charge_knee_scale, ceiling_v);
}

Curve discharge_cell_curve(const Config& config, const ProfileRules& rules, const Targets& targets) {
  if (rules.discharge_by_cell.empty()) return {};
  if (!config.discharge_cell_curve.empty()) return config.discharge_cell_curve;
  constexpr double below_low_v = table_low_v - table_end_v;
  const double low_v = std::max(targets.low_v, targets.cut_off_v + below_low_v);
  Curve curve = copy_of(rules.discharge_by_cell);
  for (Point& point : curve) point.at += low_v - table_low_v;
  return curve;
}

std::span<const Point> serialbattery_charge_by_soc() { return serialbattery_charge_soc; }
std::span<const Point> serialbattery_discharge_by_soc() { return serialbattery_discharge_soc; }

}  // namespace bms::charge
