// How long connections with one board last: how often they are lost, for how long, and whether there is a rhythm in it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "bms/link_quality.hpp"
#include "bms/time.hpp"

namespace bms::bluetooth {

/// What ends connections after a minute on a GX, and what its owner can do.
inline constexpr std::string_view minute_rhythm =
    "connections end after a minute, again and again: so does Venus's own Bluetooth service (vesmart-server). Switch "
    "Bluetooth off under Settings on the GX, or use a USB Bluetooth adapter for the batteries";

class Endurance {
 public:
  /// A connection has been made.
  void made(TimePoint now);

  /// It was lost. Returns whether the rhythm is recognised now, and was not before.
  bool lost(TimePoint now);

  /// Its owner has given it to others: neither a loss nor a gap.
  void given_away(TimePoint now);

  /// Whether the last connections were all lost in the rhythm of somebody who ends them every minute.
  [[nodiscard]] bool has_rhythm() const { return in_rhythm_ >= losses_that_prove; }

  [[nodiscard]] LinkQuality quality(TimePoint now) const;

 private:
  static constexpr int losses_that_prove = 3;
  static constexpr int hours = 24;

  /// Losses within one hour.
  struct Hour {
    std::int64_t number = -1;  ///< of the hour, on our clock
    unsigned losses = 0;
  };

  std::array<Hour, hours> losses_{};
  int in_rhythm_ = 0;  ///< losses in a row
  bool connected_ = false;
  bool was_connected_ = false;
  TimePoint made_at_{}, lost_at_{};
  Clock::duration longest_gap_{};
};

}  // namespace bms::bluetooth
