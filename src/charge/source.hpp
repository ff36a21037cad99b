// One reason why a current may be limited: what it allows, what it is called, and when it opens again after it has
// allowed nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "charge/situation.hpp"
#include "charge/speed_rules.hpp"

namespace bms::charge {

/// How far something that has allowed nothing has recovered.
enum class Recovery : std::uint8_t {
  none,   ///< it would soon allow nothing again
  slow,   ///< it is better, which must last
  enough  ///< it may allow something at once
};

/// A row of the tables of sources. None of its functions changes anything.
struct Source {
  /// What it allows, as a share of base; 1 when it has nothing to say.
  double (*share)(const Situation&, const State&);
  ShortText (*reason)(const Situation&, const State&);
  LimitReason (*code)(const Situation&, const State&);  ///< likewise, for programs
  bool blocks = false;                                  ///< its 0 does not wait for filters of CVL
  bool ours = false;                                    ///< a derating of our own, which a profile may leave to the BMS

  /// Once it has allowed nothing it allows nothing before it has recovered. Empty: its end is known for certain, and no
  /// load or charger makes it come and go.
  Recovery (*recovery)(const Situation&, const State&) = nullptr;
  bool& (*closed)(State&) = nullptr;  ///< where it is remembered that it has allowed nothing
  bool by_empty_cell = false;         ///< what opens it again is the lowest cell
  bool comes_and_goes = false;        ///< the BMS may end it and begin anew: each time it opens later
};

/// Whether the share would be published as 0, although base would not.
[[nodiscard]] inline bool allows_nothing(double share, double base_a, const Config& config) {
  const auto published_a = [&](double current_a) { return round_down(current_a, config.integer_amps); };
  return share <= 0 || (published_a(share * base_a) <= 0 && published_a(base_a) > 0);
}

[[nodiscard]] inline double share_of(double current_a, double base_a) {
  return base_a > 0 ? std::clamp(current_a / base_a, 0.0, 1.0) : 0;
}

[[nodiscard]] inline ShortText with_value(std::string_view name, double value, int decimals, std::string_view unit) {
  return ShortText(name).append(" ").append(value, decimals).append(" ").append(unit);
}

}  // namespace bms::charge
