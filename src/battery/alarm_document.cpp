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

// As alarm_life.hpp does it.
constexpr std::string_view life =
    "\n"
    "## Silence, return and restart\n"
    "\n"
    "Venus OS makes a notification whenever an alarm goes to 1 or to 2, and whenever a battery comes to the bus with "
    "one.\n"
    "It ends with 0, or when the value becomes invalid. So that an owner hears of each thing once:\n"
    "\n"
    "| What happens | `/Alarms/BmsCable` | All other alarms | Notifications |\n"
    "|---|---|---|---|\n"
    "| the BMS is silent for less than 10 s (`stale_after`) | 0 | as they were | none |\n"
    "| for 10 to 60 s (`release_after`) | 1 | as they were: nobody has withdrawn them | one, a warning |\n"
    "| for longer: the BMS counts as lost | 2 | unknown (invalid) once control is given up | one more, an alarm, and "
    "no "
    "other, however long it lasts |\n"
    "| it answers again | unchanged until contact is believed again: 3 readings within at least 5 s. Then 0, at once | "
    "see below | none for the cable |\n"
    "| it falls silent again before that | unchanged: it is still the same outage | | none |\n"
    "| an alarm was raised, the BMS was not lost meanwhile | | goes on as if there had been no silence | none |\n"
    "| an alarm was raised, the BMS was lost, and the first reading after it shows it still | | raised at once, "
    "without "
    "its delay | one: it is true |\n"
    "| the same, but the reading does not show it any more | | 0 at once | none |\n"
    "| the driver is started anew while an alarm is raised | 0 | raised at once if the first reading shows it, else 0 "
    "| "
    "one if it is true: Venus OS forgot it with the service |\n"
    "| the driver is started anew while the BMS is silent | no battery on the bus before the BMS answers | | none; the "
    "battery is \"not connected\" |\n"
    "| polls fail now and then, but not for 10 s on end | 1 while more than 20 % of five minutes fail, until fewer "
    "than "
    "10 % do | | one, a warning |\n"
    "\n"
    "The polls that fail in an outage do not count among the last: it has had its alarm.\n"
    "\n"
    "## In words and in numbers\n"
    "\n"
    "`/Info/Alarms` says what is raised and why: `High cell voltage (cell 7, 3.65 V); Low SoC (9.5 %)`. "
    "`/Info/AlarmCodes` says the\n"
    "same for programs with words of their own, one entry for each alarm: path below `/Alarms/`, level, cause, and the "
    "number of the cell\n"
    "or sensor (0: it is not about one), as in `HighCellVoltage:2:2:7;LowSoc:1:5:0`. Causes:\n"
    "\n"
    "| Number | Cause |\n"
    "|---|---|\n";

struct CauseRow {
  AlarmCause cause;
  std::string_view meaning;
};
constexpr CauseRow cause_rows[] = {
    {AlarmCause::bms, "the BMS says so; the number is the cell or sensor that fits it"},
    {AlarmCause::cell, "voltage of one cell"},
    {AlarmCause::cut_off, "discharging was ended for the lowest cell"},
    {AlarmCause::pack, "voltage of the pack"},
    {AlarmCause::soc, "state of charge"},
    {AlarmCause::temperature, "charging although the cells are too cold or too hot"},
    {AlarmCause::mos_temperature, "temperature of the MOSFETs"},
    {AlarmCause::current, "current beyond the limit"},
    {AlarmCause::spread, "difference between the cells"},
    {AlarmCause::spread_at_the_end, "the same, when absorption ended by its time limit"},
    {AlarmCause::sensor, "faulty temperature sensors"},
    {AlarmCause::open_fet, "current through a FET that is said to be off"},
    {AlarmCause::implausible_cell, "a cell reads what no cell can have"},
    {AlarmCause::health, "state of health"},
    {AlarmCause::silence, "the BMS does not answer"},
    {AlarmCause::failing_polls, "too many polls fail"},
};

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
  page += life;
  for (const CauseRow& row : cause_rows)
    page += "| " + std::to_string(static_cast<int>(row.cause)) + " | " + std::string(row.meaning) + " |\n";
  return page;
}

}  // namespace bms::battery
