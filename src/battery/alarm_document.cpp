// Writes the table of derived alarms down for people.
#include <string>
#include <string_view>

#include "battery/alarm_rules.hpp"

namespace bms::battery {

namespace {

constexpr std::string_view opening =
    "# Alarms\n"
    "\n"
    "Every alarm that the BMS knows is published below `/Alarms/`: a warning as 1, an alarm as 2. A bit of the BMS "
    "counts\n"
    "when two frames on end have it (an internal failure at once) and ends after 30 s without it. Beside these the "
    "driver\n"
    "raises the alarms of this table itself; the higher level counts. Each level has its own hysteresis. From 2 an "
    "alarm\n"
    "falls back to 1 after a minute at the earliest, so that it does not notify again and again. What has raised an "
    "alarm\n"
    "is said in the log.\n"
    "\n"
    "Generated from the table in `src/battery/alarm_rules.cpp` with the default thresholds; a unit test compares.\n"
    "\n"
    "| Alarm | What is watched | Warning | Alarm | Ends |\n"
    "|---|---|---|---|---|\n";

std::string number(double value) {
  constexpr int decimals = 3;
  std::string digits(ShortText().append(value, decimals).view());
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits;
}

std::string_view sign(Side side) {
  switch (side) {
    case Side::at_least: return "≥ ";
    case Side::above: return "> ";
    case Side::at_most: return "≤ ";
    case Side::below: return "< ";
  }
  return "";
}

std::string quantity(const AlarmRule& rule, double value) { return number(value) + " " + std::string(rule.unit); }

std::string duration(double seconds, std::string_view before) {
  return seconds > 0 ? std::string(before) + number(seconds) + " s" : std::string();
}

std::string raised(const AlarmRule& rule, std::optional<double> threshold, double delay_s) {
  if (!threshold || rule.unit.empty()) return "";
  return std::string(sign(rule.side)) + quantity(rule, *threshold) + duration(delay_s, ", ");
}

std::string ended(const AlarmRule& rule, const Threshold& threshold) {
  if (rule.unit.empty()) return duration(rule.clearing.delay_s, "after ");
  std::string text = is_high(rule.side) ? "≤ " : "≥ ";
  if (threshold.warning) text += quantity(rule, clear_level(rule, *threshold.warning));
  if (threshold.alarm) text += ", alarm: " + quantity(rule, clear_level(rule, *threshold.alarm));
  return text + duration(rule.clearing.delay_s, "; ");
}

}  // namespace

std::string alarms_as_markdown() {
  const Config config;
  const Battery battery;
  const Facts facts;
  const ChargeFindings findings;
  const Situation usual{.config = config, .battery = battery, .facts = facts, .findings = findings};
  std::string page{opening};
  for (const AlarmRule& rule : alarm_rules()) {
    const Threshold threshold = rule.threshold(usual);
    page += "| " + std::string(venus_name(rule.alarm)) + " | " + std::string(rule.what) + " | " +
            raised(rule, threshold.warning, rule.warning_s) + " | " + raised(rule, threshold.alarm, rule.alarm_s) +
            " | " + ended(rule, threshold) + " |\n";
  }
  return page;
}

}  // namespace bms::battery
