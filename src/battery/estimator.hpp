// What is estimated over time: state of charge, alarms, averages, history. One call before charge control and one
// after it, for each frame.
#pragma once

#include <span>

#include "battery/config.hpp"
#include "bms/battery.hpp"
#include "bms/kept.hpp"

namespace bms::battery {

/// What another battery service on the bus says; empty: not there, or not known.
struct External {
  std::optional<double> current_a{}, soc_pct{};
  std::optional<double> floor_soc_pct{};  ///< the ESS's active minimum SoC
};

/// What charge control found in a frame.
struct ChargeFindings {
  bool became_full = false;         ///< SoC is 100 %
  bool held_full = false;           ///< with even cells
  bool ended_by_cap = false;        ///< absorption took too long
  bool cut_off = false;             ///< the lowest cell is empty
  bool too_cold_to_charge = false;  ///< the temperature factor is 0
  bool too_hot_to_charge = false;
  bool balancing = false;                          ///< the target is the balancing voltage
  double balancing_cell_v = 0;                     ///< the present target per cell
  double base_charge_a = 0, base_discharge_a = 0;  ///< configured and BMS maximum
};

/// Groups of history that a user may clear; the numbers are those written to /History/Clear.
enum class HistoryGroup : std::uint8_t { all = 1, capacity, voltage, time, alarms, temperature, energy };

/// What outlives a restart. Every member stands in kept_fields().
struct Kept {
  // To be filled in by the estimator's own needs.
  double placeholder = 0;
};

[[nodiscard]] std::span<const KeptField<Kept>> kept_fields();

class Estimator {
 public:
  explicit Estimator(Config config);

  /// Another configuration; nothing that was counted is lost.
  void configure(Config config);

  /// Takes a frame that the model believed: fills battery.alarms and battery.estimate. `dt_s`: seconds since the
  /// previous one, 0 for the first.
  void before_charge(Battery& battery, const External& external, double dt_s);

  /// Takes what charge control made of the same frame: synchronises SoC, counts history.
  void after_charge(Battery& battery, const ChargeFindings& findings, double dt_s);

  /// Contact has changed without a frame: alarms that depend on it follow.
  void contact_changed(Battery& battery);

  /// The user says what the SoC is. Counted from there; the shown value follows at once.
  void set_soc(Battery& battery, double soc_pct);

  void clear_history(Battery& battery, HistoryGroup group);

  /// What to keep, and what was kept `down_s` seconds ago (empty: nobody knows how long).
  [[nodiscard]] const Kept& kept() const { return kept_; }
  void restore(const Kept& kept, std::optional<double> down_s);

 private:
  Config config_;
  Kept kept_;
};

}  // namespace bms::battery
