#include "bank_bench.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace bms::model {
namespace {

constexpr double charger_lag_s = 4;
constexpr int limits_every_s = 3;
constexpr double bank_max_a = 3000;  // none of its own
constexpr double current_noise_a = 0.1;
constexpr int connected_before_s = 60;

}  // namespace

BankBench::BankBench(const BankDesign& design)
    : offered_a_(design.offered_a), random_(design.seed), silent_(design.packs.size()) {
  config_.wiring = design.wiring;
  config_.charge.max_charge_current = config_.charge.max_discharge_current = {bank_max_a};
  std::vector<PackDesign> designs;
  std::vector<double> wiring_ohm;
  for (const BankPack& pack : design.packs) {
    config_.members.push_back({.name = std::to_string(config_.members.size() + 1)});
    designs.push_back(pack.design);
    wiring_ohm.push_back(pack.wiring_ohm);
    capacities_ah_.push_back(pack.design.capacity_ah);
    charge::Config& own = pack_configs_.emplace_back();
    own.max_charge_current = own.max_discharge_current = {pack.max_a};
    own.floats_with_bank = true;
    members_.push_back({.present = true});
  }
  pack_states_.resize(designs.size());
  // The bank is there before it has heard anybody, so its limits begin low.
  outcome_ = bank::combine(std::vector<bank::Member>(designs.size()), std::nullopt, config_, state_, 1);
  if (in_series()) {
    for (const PackDesign& each : designs) string_.emplace_back(each, random_);
  } else {
    group_.emplace(designs, wiring_ohm, random_);
    for (int second = 0; second < connected_before_s; ++second) group_->advance(0);
  }
}

const Pack& BankBench::pack(std::size_t pack) const { return in_series() ? string_[pack] : group_->pack(pack); }

double BankBench::current_a(std::size_t pack) const { return in_series() ? current_a_ : group_->current_a(pack); }

double BankBench::voltage_v() const {
  if (!in_series()) return group_->voltage_v();
  double sum_v = 0;
  for (const Pack& pack : string_) sum_v += pack.voltage_v();
  return sum_v;
}

double BankBench::resistance_ohm() const {
  double sum = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    sum += in_series() ? string_[i].resistance_ohm() : 1 / group_->resistance_ohm(i);
  }
  return in_series() ? sum : 1 / sum;
}

void BankBench::poll(std::size_t index) {
  bank::Member& member = members_[index];
  if (silent_[index]) {
    member.age_s = member.age_s.value_or(0) + 1;
    return;
  }
  member.age_s = 0;
  ++member.signs;
  charge::Sample sample;
  sample.cells_v.assign(pack(index).cells_v().begin(), pack(index).cells_v().end());
  sample.current_a = std::round((current_a(index) + random_.normal(current_noise_a)) * 10) / 10;
  sample.capacity_ah = capacities_ah_[index];
  sample.temperatures_c = {25};
  sample.sensors_expected = true;
  sample.soc_pct = pack(index).soc_pct();
  sample.charge_fet = sample.discharge_fet = true;
  const Limits own = charge::step(pack_configs_[index], pack_states_[index], sample, second_ == 0 ? 0 : 1).limits;
  bank::Told& told = member.told;
  told.cells_v = sample.cells_v;
  told.voltage_v = pack(index).voltage_v();
  told.current_a = sample.current_a;
  told.soc_pct = sample.soc_pct;
  told.capacity_ah = sample.capacity_ah;
  told.coldest_c = told.hottest_c = 25;
  told.charge_fet = told.discharge_fet = true;
  told.charge_voltage_v = own.charge_voltage_v;
  told.charge_current_a = own.charge_current_a;
  told.discharge_current_a = own.discharge_current_a;
  told.state = own.state;
  told.resistance_ohm = pack_states_[index].resistance_ohm;
}

/// A charger that gives what it may until CVL is reached.
void BankBench::drive() {
  if (second_ % limits_every_s == 0) heard_ = outcome_.limits;
  const double missing_v = heard_.charge_voltage_v.value_or(0) - voltage_v();
  const double wanted_a = std::clamp(current_a_ + missing_v / resistance_ohm(), 0.0, offered_a_);
  const double goal_a = std::min(wanted_a, heard_.charge_current_a.value_or(0));
  current_a_ += (goal_a - current_a_) / charger_lag_s;
}

void BankBench::advance() {
  for (std::size_t i = 0; i < size(); ++i) poll(i);
  outcome_ = bank::combine(members_, std::nullopt, config_, state_, 1);
  drive();
  if (in_series()) {
    for (Pack& pack : string_) pack.advance(current_a_);
  } else {
    group_->advance(current_a_);
  }
  ++second_;
}

}  // namespace bms::model
