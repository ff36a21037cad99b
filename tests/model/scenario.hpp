// What happens on the bench: a pack, what it is connected to, what goes wrong. Every member has the value of an
// ordinary day, so that a scenario names only what is special about it.
#pragma once

#include <cstdint>
#include <string_view>

#include "pack.hpp"

namespace bms::model {

/// How a charger holds a voltage.
enum class ChargerKind : std::uint8_t {
  soft,   ///< 2 A per volt and second
  firm,   ///< an integrator of 8 A per volt and second
  stiff,  ///< an integrator of 40 A per volt and second, faster
};

/// Whether what the battery does not take may go into the grid. Then CCL is ignored: only CVL limits the current.
enum class FeedIn : std::uint8_t { off, on, toggling };

/// What is drawn from the battery's terminals.
struct Load {
  double current_a = 0;
  int on_s = 0, every_s = 0;    ///< switching: so long within each period
  bool random = false;          ///< another one up to `current_a` every two minutes or sooner
  int from_s = 0, until_s = 0;  ///< only then; 0, 0: always
  bool obeys_dcl = false;       ///< draws no more than DCL; without, it only stops at DCL 0
};

/// Something that is so from one second to another.
struct Span {
  int from_s = 0, until_s = 0;

  [[nodiscard]] constexpr bool contains(int second) const { return second >= from_s && second < until_s; }
};

/// Cell temperature, straight from one value to the other and then constant.
struct Warming {
  double from_c = 25, to_c = 25;
  double within_s = 1;
};

struct Scenario {
  PackDesign pack{};
  double hours = 6;
  std::uint32_t seed = 1;

  // The installation.
  ChargerKind charger = ChargerKind::soft;
  double charger_gain = 1;      ///< times that of its kind
  double charger_offset_v = 0;  ///< it holds so much more than CVL
  FeedIn feed_in = FeedIn::off;
  double sun_a = 100;
  Span sunshine{0, 1'000'000};
  bool clouds = false;  ///< a tenth to all of the sun, another share every two minutes or sooner
  Load load{};
  int limits_late_s = 0;

  // The board.
  double max_charge_a = 140, max_discharge_a = 140;
  double noise_v = 0.001;  ///< standard deviation of each cell's voltage
  int lost_s = 0;          ///< no samples for so long
  int lost_every_s = 300;  ///< in each such period
  Span charge_fet_open{};  ///< opened by the board
  bool soc_known = true;
  double false_soc_pct = -1;  ///< what the board says instead of the truth, unless negative
  bool has_sensors = true;
  Warming temperature{};
  Span sensors_broken{};  ///< none that may be relied on
  Span current_unknown{};

  // The owner.
  std::string_view config{};  ///< lines of config.ini; without, the defaults of LiFePO4
  bool full_charge_requested = false;
};

}  // namespace bms::model
