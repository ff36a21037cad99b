#include "parallel_packs.hpp"

#include <utility>

namespace bms::model {

ParallelPacks::ParallelPacks(const std::vector<PackDesign>& designs, std::vector<double> wiring_ohm, Random& random)
    : wiring_ohm_(std::move(wiring_ohm)), currents_a_(designs.size()), connected_(designs.size(), true) {
  for (const PackDesign& design : designs) packs_.emplace_back(design, random);
}

void ParallelPacks::advance(double total_a) {
  double conductance = 0;
  double short_circuit_a = 0;
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    if (!connected_[i]) continue;
    const double open_v = packs_[i].voltage_v() - currents_a_[i] * packs_[i].resistance_ohm();
    conductance += 1 / resistance_ohm(i);
    short_circuit_a += open_v / resistance_ohm(i);
  }
  if (conductance > 0) voltage_v_ = (total_a + short_circuit_a) / conductance;
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    const double open_v = packs_[i].voltage_v() - currents_a_[i] * packs_[i].resistance_ohm();
    currents_a_[i] = connected_[i] ? (voltage_v_ - open_v) / resistance_ohm(i) : 0;
    packs_[i].advance(currents_a_[i]);
  }
}

}  // namespace bms::model
