// What is known of the packs of a bank, and of its shunt, at one moment. All of it comes from other programs: numbers
// may be absurd, and are looked at before they count (`sane`).
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/alarm.hpp"
#include "bms/chemistry.hpp"
#include "bms/limits.hpp"
#include "bms/reading.hpp"

namespace bms::bank {

/// What a pack says. Empty: it does not say.
struct Told {
  std::optional<double> voltage_v{};
  std::optional<double> current_a{};  ///< positive while charging
  std::optional<double> soc_pct{}, capacity_ah{}, remaining_ah{};
  std::optional<double> cycles{}, drawn_ah{};
  std::optional<double> resistance_ohm{};  ///< of the pack, learnt

  boost::container::static_vector<double, max_cells> cells_v{};
  std::size_t cell_count = 0;                               ///< where it shows no cells; 0: unknown
  std::optional<double> lowest_cell_v{}, highest_cell_v{};  ///< likewise
  std::optional<double> coldest_c{}, hottest_c{};

  std::optional<bool> charge_fet{}, discharge_fet{};
  std::optional<bool> balancing{}, heating{};
  Alarms alarms{};

  /// Its own limits, with all that protects it. The voltage is what its cells bear now; a pack of ours that is full
  /// does not lower it to float, a foreign one may.
  std::optional<double> charge_voltage_v{}, charge_current_a{}, discharge_current_a{};
  std::optional<ChargeState> state{};
  std::optional<bool> full{};  ///< it has been charged to its end, and nothing has ended that since
  std::optional<Chemistry> chemistry{};
};

struct Member {
  bool present = false;   ///< its service is there, and says that it hears its BMS
  bool foreign = false;   ///< of another driver
  bool excluded = false;  ///< by the owner, for service
  bool twice = false;     ///< two services say that they are this pack

  /// Since the newest sign that what it tells is true; empty: there has been none. Of a foreign pack that tells nothing
  /// else: since one of its values has changed.
  std::optional<double> age_s{};
  std::uint32_t signs = 0;  ///< counts such signs
  double poll_interval_s = 1;
  bool freshness_told = true;  ///< false: silence may only mean that nothing changes

  Told told{};
};

/// A measurement of the whole bank.
struct Shunt {
  std::optional<double> age_s{};  ///< 0 while it is there: one that shows the same for minutes is not silent
  std::optional<double> voltage_v{}, current_a{};
};

/// The same without what cannot be true: no NaN, nothing beyond what any pack can have. A limit below 0 is 0.
[[nodiscard]] Told sane(Told told);

/// Empty unless it is at least `low` and at most `high`.
[[nodiscard]] constexpr std::optional<double> within(std::optional<double> value, double low, double high) {
  return value && *value >= low && *value <= high ? value : std::nullopt;
}

/// How many cells it has; 0: it does not say.
[[nodiscard]] std::size_t cell_count_of(const Told& told);

/// One voltage for each cell. A pack that shows only the lowest and the highest one is taken to have these two and,
/// for the rest, their mean. Empty: nothing is known of its cells.
[[nodiscard]] boost::container::static_vector<double, max_cells> cells_of(const Told& told);

}  // namespace bms::bank
