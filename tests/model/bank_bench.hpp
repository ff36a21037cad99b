// A bank of packs of ours on the bench: each has a charge control of its own and tells what a driver tells its bank,
// and one charger, which could give more than they may have, obeys the bank.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "bank/bank.hpp"
#include "charge/control.hpp"
#include "pack.hpp"
#include "parallel_packs.hpp"

namespace bms::model {

/// One pack, and what its owner allows it.
struct BankPack {
  PackDesign design;
  double max_a;             ///< in both directions
  double wiring_ohm = 0.0;  ///< in parallel, of its own cables
};

struct BankDesign {
  bank::Wiring wiring;
  std::vector<BankPack> packs;
  double offered_a;  ///< by the charger
  std::uint32_t seed = 1;
};

class BankBench {
 public:
  explicit BankBench(const BankDesign& design);

  /// One second.
  void advance();

  /// Its BMS is heard no more, or again. It stays connected.
  void silence(std::size_t pack, bool silent) { silent_[pack] = silent; }

  [[nodiscard]] const bank::Outcome& outcome() const { return outcome_; }
  [[nodiscard]] const bank::Member& member(std::size_t pack) const { return members_[pack]; }
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] const Pack& pack(std::size_t pack) const;
  [[nodiscard]] double current_a(std::size_t pack) const;
  [[nodiscard]] double current_a() const { return current_a_; }  ///< of the charger
  [[nodiscard]] double voltage_v() const;                        ///< of the bank

 private:
  void poll(std::size_t index);
  [[nodiscard]] bool in_series() const { return config_.wiring == bank::Wiring::series; }
  [[nodiscard]] double resistance_ohm() const;
  void drive();

  double offered_a_;
  Random random_;
  bank::Config config_{};
  bank::State state_{};
  bank::Outcome outcome_{};
  std::vector<Pack> string_{};            ///< in series
  std::optional<ParallelPacks> group_{};  ///< in parallel
  std::vector<charge::Config> pack_configs_{};
  std::vector<charge::State> pack_states_{};
  std::vector<double> capacities_ah_{};
  std::vector<bank::Member> members_{};
  std::vector<bool> silent_{};
  Limits heard_{};  ///< by the charger
  int second_ = 0;
  double current_a_ = 0;
};

}  // namespace bms::model
