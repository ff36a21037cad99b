// Packs side by side at one voltage, each behind FETs and cables of its own: how they share a current.
#pragma once

#include <cstddef>
#include <vector>

#include "pack.hpp"

namespace bms::model {

class ParallelPacks {
 public:
  /// `wiring_ohm`: of the cables of each pack.
  ParallelPacks(const std::vector<PackDesign>& designs, std::vector<double> wiring_ohm, Random& random);

  /// Lets `total_a` flow for a second; positive is charging. Packs that are not connected take no part.
  void advance(double total_a);

  void connect(std::size_t pack, bool connected) { connected_[pack] = connected; }
  [[nodiscard]] bool connected(std::size_t pack) const { return connected_[pack]; }
  [[nodiscard]] std::size_t size() const { return packs_.size(); }
  [[nodiscard]] const Pack& pack(std::size_t index) const { return packs_[index]; }
  [[nodiscard]] double current_a(std::size_t pack) const { return currents_a_[pack]; }
  [[nodiscard]] double voltage_v() const { return voltage_v_; }  ///< of the bar that connects them
  /// At once, with its cables.
  [[nodiscard]] double resistance_ohm(std::size_t pack) const {
    return packs_[pack].resistance_ohm() + wiring_ohm_[pack];
  }

 private:
  std::vector<Pack> packs_;
  std::vector<double> wiring_ohm_;
  std::vector<double> currents_a_;
  std::vector<bool> connected_;
  double voltage_v_ = 0;
};

}  // namespace bms::model
