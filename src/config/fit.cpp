#include "config/fit.hpp"

#include <algorithm>
#include <cmath>

#include "config/options.hpp"
#include "config/presets.hpp"

namespace bms::config {

namespace {

constexpr double hair = 1e-9;

bool is_set(const Settings& settings, std::string_view option) {
  return std::ranges::find(settings.fit.set, option) != settings.fit.set.end();
}

bool has_moved(const Settings& settings, std::string_view option) {
  return std::ranges::find(settings.fit.followed, option, &Followed::option) != settings.fit.followed.end();
}

double without_noise(double value) { return std::round(value * 1e6) / 1e6; }

/// Where the rule wants its option. Empty: it has nothing to say.
std::optional<double> wanted_by(const FollowRule& rule, double present, double leader) {
  const double there = leader + rule.apart;
  switch (rule.way) {
    case Way::exactly: return there;
    case Way::at_least: return present < there - hair ? std::optional(there) : std::nullopt;
    case Way::at_most: return present > there + hair ? std::optional(there) : std::nullopt;
  }
  return std::nullopt;
}

void keep_within(double& value, std::span<const CellRangeRow> rows, const Option& option, const Settings& settings) {
  const auto row = std::ranges::find(rows, option.name, &CellRangeRow::option);
  if (row == rows.end()) return;
  const CellRange& range = row->ranges[static_cast<std::size_t>(settings.chemistry)];
  value = std::clamp(value, range.min_v, range.max_v);
}

/// No option follows to where it may not be, or where its chemistry would not bear it. One that only makes room for
/// another goes as far as it must.
double within_reach(double value, Way way, const Option& option, const Settings& settings) {
  if (const auto* number = std::get_if<Number>(&option.kind)) value = std::clamp(value, number->min, number->max);
  if (const auto* number = std::get_if<OptionalNumber>(&option.kind)) {
    value = std::clamp(value, number->min, number->max);
  }
  keep_within(value, cell_range_rows(), option, settings);
  if (way == Way::exactly) keep_within(value, reach_rows(), option, settings);
  return value;
}

void apply(const FollowRule& rule, Settings& settings) {
  if (is_set(settings, rule.option)) return;
  const bool led = is_set(settings, rule.leader.option) || has_moved(settings, rule.leader.option);
  if (!led) return;
  const Option& option = option_named(rule.option);
  const auto present = option.number(settings);
  const auto leader = rule.leader.of(settings);
  const auto wanted = present && leader ? wanted_by(rule, *present, *leader) : std::nullopt;
  if (!wanted) return;
  const double value = without_noise(within_reach(*wanted, rule.way, option, settings));
  if (std::abs(value - *present) < hair) return;
  if (!has_moved(settings, rule.option)) {
    settings.fit.followed.push_back({.option = rule.option, .before = *present, .leader = {}});
  }
  std::ranges::find(settings.fit.followed, rule.option, &Followed::option)->leader = rule.leader.option;
  option.set_number(settings, value);
}

}  // namespace

void let_follow(Settings& settings) {
  for (const FollowRule& rule : follow_rules()) apply(rule, settings);
}

void undo_following(Settings& settings) {
  for (const Followed& followed : settings.fit.followed) {
    option_named(followed.option).set_number(settings, followed.before);
  }
  settings.fit.followed.clear();
}

const OrderRule* broken_rule(Settings& settings) {
  const OrderRule* first = nullptr;
  for (const OrderRule& rule : order_rules()) {
    const auto lower = rule.lower.of(settings);
    const auto upper = rule.upper.of(settings);
    if (!lower || !upper || *lower + rule.apart <= *upper + hair) continue;
    if (is_set(settings, rule.yields)) return &rule;
    if (first == nullptr) first = &rule;
  }
  return first;
}

double bound_of(const OrderRule& rule, Settings& settings) {
  const bool lower_yields = rule.yields == rule.lower.option;
  return without_noise(lower_yields ? *rule.upper.of(settings) - rule.apart : *rule.lower.of(settings) + rule.apart);
}

void derive(Settings& settings) {
  const auto most = [&](std::string_view option) {
    const auto row = std::ranges::find(cell_range_rows(), option, &CellRangeRow::option);
    return row->ranges[static_cast<std::size_t>(settings.chemistry)].max_v;
  };
  charge::Config& charge = settings.charge;
  battery::Config& battery = settings.battery;
  charge.poll_interval_s = battery.poll_interval_s = settings.poll_interval_s;
  const CellWindow& wanted = charge;
  static_cast<CellWindow&>(battery) = wanted;
  const auto usual = std::ranges::find(preset_rows(), "absorption_cell_voltage", &PresetRow::option);
  battery.usual_absorption_cell_v = usual->values[static_cast<std::size_t>(settings.chemistry)];
  battery.chemistry = settings.chemistry;
  battery.chemistry_configured = settings.chemistry_configured;
  battery.alarms.most_high_cell_v = {most("high_cell_voltage_warning"), most("high_cell_voltage_alarm")};
  charge.borne_cell_v = battery.alarms.most_high_cell_v.warning;
  const battery::Threshold& high = battery.alarms.high_cell_v;
  charge.warned_cell_v = high.warning ? high.warning : high.alarm;
}

Settings with_choices(Settings settings, std::span<const Choice> choices) {
  undo_following(settings);
  for (const Choice& choice : choices) {
    option_named(choice.option).set_number(settings, choice.value);
    if (!is_set(settings, choice.option)) settings.fit.set.push_back(choice.option);
  }
  let_follow(settings);
  // Whoever chooses now does not look into the file.
  for (std::size_t left = order_rules().size(); left > 0; --left) {
    const OrderRule* rule = broken_rule(settings);
    if (rule == nullptr) break;
    option_named(rule->yields).set_number(settings, bound_of(*rule, settings));
  }
  derive(settings);
  return settings;
}

}  // namespace bms::config
