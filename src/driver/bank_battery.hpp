// A bank as a battery: what its packs are together, what they foretell, and what has happened to them. No I/O; time is
// an argument.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "bank/bank.hpp"
#include "bank/cell_monitors.hpp"
#include "battery/averages.hpp"
#include "battery/config.hpp"
#include "battery/counting.hpp"
#include "battery/history.hpp"
#include "battery/kept.hpp"
#include "bms/bank_view.hpp"
#include "bms/external.hpp"
#include "bms/time.hpp"
#include "bms/user_settings.hpp"
#include "config/bank.hpp"
#include "config/settings.hpp"
#include "driver/bank_packs.hpp"
#include "driver/battery_memory.hpp"

namespace bms::driver {

/// The settings of the packs in [default], as they are for the bank: a limit that is none of the bank's own counts once
/// for each pack in parallel.
[[nodiscard]] config::Settings bank_settings(config::Settings of_packs, const config::Bank& bank);

/// What the rule is told. `settings`: bank_settings().
[[nodiscard]] bank::Config bank_config(const config::Settings& settings, const config::Bank& bank,
                                       const UserSettings& user = {});

class BankBattery {
 public:
  BankBattery(bank::Config config, battery::Config watching);

  /// Another configuration of the same packs; nothing is lost.
  void configure(bank::Config config) { config_ = std::move(config); }

  /// One moment: what the packs say at `now`, `dt_s` after the last one.
  void follow(std::span<const bank::Member> members, const std::optional<bank::Shunt>& shunt, const External& external,
              TimePoint now, double dt_s);

  /// What is remembered over a restart.
  [[nodiscard]] Remembered remembered() const { return {.charge = state_.charge.kept, .battery = kept_}; }
  void restore(const Remembered& what, std::optional<double> down_s);

  /// Whom a pack has turned out to be.
  void introduce(std::size_t pack, const PackIdentity& who);

  /// What the cell monitor of a pack says, empty where it is not to count; shown from the next follow() on.
  void take_monitor(std::size_t pack, const bank::PackMonitor& monitor);

  void clear_history(battery::HistoryGroup group) { battery::HistoryCounter::clear(kept_, group); }

  [[nodiscard]] const Battery& battery() const { return outcome_.battery; }
  [[nodiscard]] const Limits& limits() const { return outcome_.limits; }
  [[nodiscard]] const bank::Findings& findings() const { return outcome_.findings; }

  /// The packs as they are shown; at the same place for life.
  [[nodiscard]] const BankView& view() const { return view_; }

 private:
  void estimate(const External& external, double dt_s);
  void show_packs();

  bank::Config config_;
  battery::Config watching_;
  bank::State state_;
  bank::Outcome outcome_;
  battery::Kept kept_;
  battery::ChargeCounter counter_;
  battery::Averages averages_;
  battery::HistoryCounter history_;
  std::vector<bank::PackMonitor> monitors_;  ///< of each pack
  CellSummary cells_;                        ///< made of them
  BankView view_;
};

}  // namespace bms::driver
