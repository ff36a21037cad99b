// The alarms that we derive ourselves, besides those of the BMS: one table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "battery/config.hpp"
#include "battery/facts.hpp"
#include "battery/findings.hpp"
#include "bms/battery.hpp"

namespace bms::battery {

/// What rules look at: a reading, what is estimated and what charge control found in the reading before.
struct Situation {
  const Config& config;
  const Battery& battery;
  const Facts& facts;
  const ChargeFindings& findings;
  double rest_s = 0;                   ///< for how long almost no current has flowed
  double even_spread_v = 0;            ///< spread of the cells without noise
  bool capped_uneven = false;          ///< absorption took too long, and the cells were not even
  AlarmLevel outage = AlarmLevel::ok;  ///< what the silence of the BMS is worth
  bool silence_wished = false;         ///< by the owner
  double balanced_cell_v = 0;          ///< the target of a balancing charge that the cells have not come down from yet
};

/// On which side of its threshold a value raises an alarm.
enum class Side : std::uint8_t { at_least, above, at_most, below };
[[nodiscard]] constexpr bool is_high(Side side) { return side == Side::at_least || side == Side::above; }

/// How far a value must be back before an alarm ends: threshold x ratio, then so much away from it.
struct Clearing {
  double distance = 0;
  double ratio = 1;
  double delay_s = 60;
};

/// One derived alarm. Several rules may raise the same alarm; the highest level counts.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in this order rows can be read
struct AlarmRule {
  Alarm alarm;
  AlarmCause code;
  std::string_view what;                             ///< is watched, for people
  std::string_view unit;                             ///< of the value; empty: it is a level
  bool (*applies)(const Situation&);                 ///< the battery has what the rule is about
  std::optional<double> (*value)(const Situation&);  ///< empty: cannot be judged now
  Threshold (*threshold)(const Situation&);
  Side side;
  double warning_s, alarm_s;  ///< for how long the value must be there
  Clearing clearing;
  ShortText (*cause)(const Situation&, double value);
  int (*subject)(const Situation&) = nullptr;  ///< which cell it is about; another one is worth another text
  unsigned frames = 1;                         ///< in how many readings in a row, at least
  bool stands_unjudged = false;                ///< keeps its level while there is nothing to judge by
};

[[nodiscard]] std::span<const AlarmRule> alarm_rules();
inline constexpr std::size_t most_alarm_rules = 24;

/// Where a rule lets go of a level that begins at `threshold`.
[[nodiscard]] double clear_level(const AlarmRule& rule, double threshold);

/// The table with its default thresholds, for docs/alarms.md.
[[nodiscard]] std::string alarms_as_markdown();

}  // namespace bms::battery
