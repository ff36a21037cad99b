#include "battery/consensus.hpp"

#include <algorithm>
#include <array>

namespace bms::battery {

namespace {

using Voters = std::array<const Reading*, 3>;

constexpr std::optional<double> Reading::* quantities[] = {
    &Reading::voltage_v,
    &Reading::current_a,
    &Reading::soc_pct,
    &Reading::soh_pct,
    &Reading::remaining_ah,
    &Reading::full_ah,
    &Reading::design_capacity_ah,
    &Reading::cycles,
    &Reading::consumed_ah,
    &Reading::total_charged_ah,
    &Reading::total_discharged_ah,
    &Reading::highest_temperature_c,
    &Reading::mos_temperature_c,
    &Reading::max_charge_voltage_v,
    &Reading::max_charge_current_a,
    &Reading::max_discharge_current_a,
};

/// The middle of three; an absent value sorts below every number, so two that are absent win.
template <class T>
T middle(T a, T b, T c) {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

/// Picks one value out of each reading and takes the middle.
template <class Pick>
auto middle_of(const Voters& voters, Pick pick) {
  return middle(pick(*voters[0]), pick(*voters[1]), pick(*voters[2]));
}

Reading vote(const Voters& voters) {
  Reading verdict = *voters[0];
  for (const auto quantity : quantities) {
    verdict.*quantity = middle_of(voters, [quantity](const Reading& r) { return r.*quantity; });
  }
  for (std::size_t i = 0; i < verdict.cells_v.size(); ++i) {
    verdict.cells_v[i] = middle_of(voters, [i](const Reading& r) { return r.cells_v[i]; });
  }
  for (std::size_t i = 0; i < verdict.temperatures_c.size(); ++i) {
    verdict.temperatures_c[i] = middle_of(voters, [i](const Reading& r) { return r.temperatures_c[i]; });
  }
  verdict.charge_fet = middle_of(voters, [](const Reading& r) { return r.charge_fet; });
  verdict.discharge_fet = middle_of(voters, [](const Reading& r) { return r.discharge_fet; });
  for (const AlarmEffect& effect : alarm_effects) {
    verdict.alarms.set(effect.alarm, middle_of(voters, [&effect](const Reading& r) { return r.alarms[effect.alarm]; }));
  }
  const auto majority = [&voters](auto pick) {
    const auto a = pick(*voters[0]);
    const auto b = pick(*voters[1]);
    const auto c = pick(*voters[2]);
    return (a & b) | (a & c) | (b & c);
  };
  verdict.chemistry = middle_of(voters, [](const Reading& r) { return r.chemistry; });
  verdict.raw_protection = majority([](const Reading& r) { return r.raw_protection; });
  if (verdict.balancing) {
    verdict.balancing = majority([](const Reading& r) { return r.balancing.value_or(std::bitset<max_cells>{}); });
  }
  return verdict;
}

bool same_shape(const Reading& a, const Reading& b) {
  return a.cells_v.size() == b.cells_v.size() && a.temperatures_c.size() == b.temperatures_c.size() &&
         a.modules == b.modules && a.balancing.has_value() == b.balancing.has_value();
}

}  // namespace

Reading Consensus::decide(const Reading& verdict, const Reading& newest) {
  if (readings_.size() == voters - 1) readings_.erase(readings_.begin());
  readings_.push_back(newest);
  decided_ = true;
  return verdict;
}

std::optional<Reading> Consensus::add(const Reading& reading) {
  if (std::ranges::find(readings_, reading) != readings_.end()) return decide(reading, reading);
  decided_ = false;
  // A reading of another shape cannot be voted with: of three the odd one out is replaced by the next reading.
  if (readings_.size() == 2) {
    const bool with_first = same_shape(readings_[0], reading);
    const bool with_second = same_shape(readings_[1], reading);
    if (with_first && with_second) return decide(vote({&readings_[0], &readings_[1], &reading}), reading);
    if (same_shape(readings_[0], readings_[1])) return std::nullopt;
    readings_.erase(with_first ? readings_.begin() + 1 : readings_.begin());
  }
  readings_.push_back(reading);
  return std::nullopt;
}

}  // namespace bms::battery
