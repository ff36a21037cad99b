#include "battery/alarms.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "battery/alarm_causes.hpp"
#include "battery/imbalance.hpp"

#include "bms/capacity.hpp"

namespace bms::battery {

namespace {

constexpr double spread_time_s = 10;
constexpr double step_down_s = 60;
constexpr double text_holds_s = 5;
constexpr double even_time_s = 600;
constexpr double rounding = 1e-9;  // of thresholds that are sums

bool beyond(Side side, double value, double threshold) {
  switch (side) {
    case Side::at_least: return value >= threshold - rounding;
    case Side::above: return value > threshold + rounding;
    case Side::at_most: return value <= threshold + rounding;
    case Side::below: return value < threshold - rounding;
  }
  return false;
}

bool back(const AlarmRule& rule, double value, double threshold) {
  const double level = clear_level(rule, threshold);
  return is_high(rule.side) ? value <= level + rounding : value >= level - rounding;
}

AlarmLatch::Conditions conditions_of(const AlarmRule& rule, std::optional<double> value, const Threshold& threshold) {
  AlarmLatch::Conditions conditions;
  if (!value) {
    conditions.below_warning = conditions.below_alarm = !rule.stands_unjudged;
    return conditions;
  }
  if (threshold.warning) {
    conditions.warning = beyond(rule.side, *value, *threshold.warning);
    conditions.below_warning = back(rule, *value, *threshold.warning);
  }
  if (threshold.alarm) {
    conditions.alarm = beyond(rule.side, *value, *threshold.alarm);
    conditions.below_alarm = back(rule, *value, *threshold.alarm);
  }
  return conditions;
}

bool is_raised(const Alarms& alarms, Alarm alarm) { return alarms[alarm].value_or(AlarmLevel::ok) != AlarmLevel::ok; }

bool is_about_cells(Alarm alarm) {
  return alarm == Alarm::low_cell_voltage || alarm == Alarm::high_cell_voltage || alarm == Alarm::internal_failure;
}

}  // namespace

AlarmLevel AlarmLatch::level() const {
  if (alarm_.on()) return AlarmLevel::alarm;
  return warning_.on() ? AlarmLevel::warning : AlarmLevel::ok;
}

AlarmLevel AlarmLatch::follow(const Conditions& conditions, const Timing& timing, double dt_s) {
  const bool below_both = conditions.below_warning && conditions.below_alarm;
  const bool was_warning = warning_.on();
  const bool warning = warning_.follow(conditions.warning || conditions.alarm, below_both,
                                       {timing.warning_s, timing.off_s, timing.frames}, dt_s);
  const bool alarm = alarm_.follow(conditions.alarm, conditions.below_alarm,
                                   {timing.alarm_s, std::max(step_down_s, timing.off_s), timing.frames}, dt_s);
  if (was_warning && !warning) {
    alarm_.set(false);
  } else if (alarm) {
    warning_.set(true);
  }
  return level();
}

void AlarmLatch::settle(const Conditions& conditions) {
  warning_.set(conditions.warning || conditions.alarm);
  alarm_.set(conditions.alarm);
}

void AlarmWatch::found(const Config& config, const ChargeFindings& findings) {
  const double uneven_v = even_share * config.alarms.imbalance_rest_v.warning.value_or(0);
  if (findings.ended_by_cap && !findings_.ended_by_cap) capped_uneven_ = even_spread_v_ > uneven_v;
  if (findings.held_full) capped_uneven_ = false;
  findings_ = findings;
}

Situation AlarmWatch::situation(const Config& config, const Facts& facts, const Battery& battery) const {
  return {.config = config,
          .battery = battery,
          .facts = facts,
          .findings = findings_,
          .rest_s = rest_.seconds(),
          .even_spread_v = even_spread_v_,
          .capped_uneven = capped_uneven_,
          .outage = life_.outage(),
          .silence_wished = life_.silence_is_wished(),
          .balanced_cell_v = balanced_cell_v_};
}

/// The target comes down before the cells do: full ones rest where they are for a while.
void AlarmWatch::follow_balancing(const Config& config, const Facts& facts) {
  constexpr double down_v = 0.060;
  const Threshold& usual = config.alarms.high_cell_v;
  if (findings_.balancing) {
    balanced_cell_v_ = std::max(balanced_cell_v_, findings_.balancing_cell_v);
  } else if (facts.cells && facts.cells->highest_v < usual.warning.value_or(usual.alarm.value_or(0)) - down_v) {
    balanced_cell_v_ = 0;
  }
}

void AlarmWatch::judge_rule(std::size_t index, const Situation& now, const Alarms& unseen, double dt_s) {
  const AlarmRule& rule = alarm_rules()[index];
  const Threshold threshold = rule.threshold(now);
  const bool judged = rule.applies(now) && (threshold.warning || threshold.alarm);
  const auto conditions = judged ? conditions_of(rule, rule.value(now), threshold) : AlarmLatch::Conditions{};
  if (is_raised(unseen, rule.alarm)) return of_rules_[index].settle(conditions);
  of_rules_[index].follow(conditions, {rule.warning_s, rule.alarm_s, rule.clearing.delay_s, rule.frames}, dt_s);
}

void AlarmWatch::judge_bms(const Reading& reading, const Alarms& unseen, double dt_s) {
  constexpr double off_s = 30;
  for (const AlarmEffect& effect : alarm_effects) {
    const AlarmLevel level = reading.alarms[effect.alarm].value_or(AlarmLevel::ok);
    const AlarmLatch::Conditions conditions{.warning = level >= AlarmLevel::warning,
                                            .alarm = level >= AlarmLevel::alarm,
                                            .below_warning = level < AlarmLevel::warning,
                                            .below_alarm = level < AlarmLevel::alarm};
    const unsigned frames = effect.alarm == Alarm::internal_failure ? 1 : 2;
    AlarmLatch& latch = of_bms_[static_cast<std::size_t>(effect.alarm)];
    if (is_raised(unseen, effect.alarm))
      latch.settle(conditions);
    else
      latch.follow(conditions, {.off_s = off_s, .frames = frames}, dt_s);
  }
}

void AlarmWatch::follow(const Config& config, const Facts& facts, Battery& battery, double dt_s) {
  const bool resting =
      facts.current_a && std::abs(*facts.current_a) < rest_current_c * facts.capacity_ah.value_or(careful_capacity_ah);
  rest_.follow(resting, dt_s);
  if (facts.cells) even_spread_v_ = spread_v_.follow(facts.cells->spread_v, dt_s, spread_time_s);
  const bool at_top = facts.cells && facts.cells->mean_v >= config.absorption_cell_v - 0.050;
  const double even_v = even_share * config.alarms.imbalance_rest_v.warning.value_or(0);
  if (even_at_top_.follow(at_top && even_spread_v_ <= even_v, dt_s) >= even_time_s) capped_uneven_ = false;

  follow_balancing(config, facts);
  life_.follow(battery.contact);
  const Alarms unseen = life_.take_unseen(battery.alarms).value_or(Alarms{});
  const Situation now = situation(config, facts, battery);
  for (std::size_t i = 0; i < alarm_rules().size(); ++i) judge_rule(i, now, unseen, dt_s);
  judge_bms(battery.reading, unseen, dt_s);
  for (const AlarmEffect& effect : alarm_effects) publish(effect.alarm, now, battery, dt_s);
}

void AlarmWatch::contact_changed(const Config& config, Battery& battery) {
  life_.follow(battery.contact);
  const Facts facts;
  const Situation now = situation(config, facts, battery);
  for (std::size_t i = 0; i < alarm_rules().size(); ++i) {
    if (alarm_rules()[i].alarm == Alarm::bms_cable) judge_rule(i, now, {}, 0);
  }
  publish(Alarm::bms_cable, now, battery, 0);
}

void AlarmWatch::publish(Alarm alarm, const Situation& now, Battery& battery, double dt_s) {
  const auto rules = alarm_rules();
  bool known = battery.reading.alarms[alarm].has_value();
  Source source{.rule = Source::bms, .level = of_bms_[static_cast<std::size_t>(alarm)].level()};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].alarm != alarm) continue;
    const Threshold threshold = rules[i].threshold(now);
    if (rules[i].applies(now) && (threshold.warning || threshold.alarm)) known = true;
    const AlarmLevel level = of_rules_[i].level();
    // Of equals our own is named, since it can tell which cell and how much.
    if (level == AlarmLevel::ok || level < source.level) continue;
    source = {.rule = static_cast<int>(i), .subject = subject_of(rules[i], static_cast<int>(i), now), .level = level};
  }
  const bool stands = source.level != AlarmLevel::ok;
  battery.alarms.set(alarm, known || stands ? std::optional(source.level) : std::nullopt);
  explain(alarm, stands ? source : Source{}, now, battery, dt_s);
  blame_units(alarm, stands ? source : Source{}, now, battery);
}

int AlarmWatch::subject_of(const AlarmRule& rule, int number, const Situation& now) const {
  if (rule.subject == nullptr) return 0;
  const Source& before = causes_[static_cast<std::size_t>(rule.alarm)].source;
  const auto value = rule.value(now);
  const Threshold threshold = rule.threshold(now);
  const auto least = threshold.warning ? threshold.warning : threshold.alarm;
  // While an alarm only lasts on, nobody new is to blame.
  const bool beyond_now = value && least && beyond(rule.side, *value, *least);
  return before.rule != number || beyond_now ? rule.subject(now) : before.subject;
}

void AlarmWatch::explain(Alarm alarm, const Source& source, const Situation& now, Battery& battery, double dt_s) {
  const auto index = static_cast<std::size_t>(alarm);
  Cause& cause = causes_[index];
  ShortText& text = battery.alarm_causes[index];
  cause.age_s += dt_s;
  if (source == cause.source || (source.level == cause.source.level && cause.age_s < text_holds_s)) return;
  AlarmSource& published = battery.alarm_sources[index];
  if (source.rule == Source::none) {
    text = {};
    published = {};
  } else if (source.rule == Source::bms) {
    const CauseDetail detail = said_by_bms(alarm, now);
    text = detail.text;
    published = {.cause = AlarmCause::bms, .number = detail.number};
  } else {
    // An alarm that lasts after its value has gone keeps the words it has.
    const AlarmRule& rule = alarm_rules()[static_cast<std::size_t>(source.rule)];
    if (const auto value = rule.value(now)) text = rule.cause(now, *value);
    published = {.cause = rule.code, .number = rule.code == AlarmCause::sensor ? 0 : source.subject};
  }
  cause = {.source = source};
}

// Which units of a system are to blame. While an alarm only lasts on, nobody new is.
void AlarmWatch::blame_units(Alarm alarm, const Source& source, const Situation& now, Battery& battery) {
  AlarmSource& published = battery.alarm_sources[static_cast<std::size_t>(alarm)];
  const Reading& reading = battery.reading;
  if (source.rule == Source::none || reading.modules <= 1) return;
  const auto bit = [](std::size_t unit) { return unit < 32 ? std::uint32_t{1} << unit : 0; };
  const std::size_t cells_of_unit = std::max<std::size_t>(1, reading.cells_v.size() / reading.modules);
  std::uint32_t units = 0;
  if (source.rule == Source::bms) {
    if (reading.alarm_unit > 0) units = bit(reading.alarm_unit - 1);
  } else {
    const AlarmRule& rule = alarm_rules()[static_cast<std::size_t>(source.rule)];
    const Threshold threshold = rule.threshold(now);
    const auto least = threshold.warning ? threshold.warning : threshold.alarm;
    for (std::size_t i = 0; rule.code == AlarmCause::cell && least && i < reading.cells_v.size(); ++i)
      if (beyond(rule.side, reading.cells_v[i], *least)) units |= bit(i / cells_of_unit);
  }
  const bool of_cell = is_about_cells(alarm) && published.number > 0;
  if (units == 0 && published.units == 0 && of_cell)
    units = bit(static_cast<std::size_t>(published.number - 1) / cells_of_unit);
  if (units != 0) published.units = units;
}

}  // namespace bms::battery
