// A bank for tests: packs are made from a few numbers, and time passes by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bank/bank.hpp"

namespace bms::bank::test {

constexpr std::size_t cells = 16;
constexpr double unbounded_a = 3000;

/// A pack of ours of which everything is known but its resistance.
inline Member pack(double cell_v = 3.300, double current_a = 0, double limit_a = 50, double capacity_ah = 100) {
  Member member{.present = true, .age_s = 0.1};
  Told& told = member.told;
  told.cells_v.assign(cells, cell_v);
  told.voltage_v = cell_v * static_cast<double>(cells);
  told.current_a = current_a;
  told.soc_pct = 50;
  told.capacity_ah = capacity_ah;
  told.coldest_c = told.hottest_c = 25;
  told.charge_fet = told.discharge_fet = true;
  told.charge_voltage_v = 3.45 * static_cast<double>(cells);
  told.charge_current_a = told.discharge_current_a = limit_a;
  told.state = ChargeState::bulk;
  told.full = false;
  return member;
}

inline Config config_of(Wiring wiring, std::size_t members) {
  Config config{.wiring = wiring};
  for (std::size_t i = 0; i < members; ++i) config.members.push_back({.name = "Pack " + std::to_string(i + 1)});
  config.charge.max_charge_current = config.charge.max_discharge_current = {unbounded_a};
  return config;
}

/// A bank with its state. Every pack gives a sign of life with each step unless it is silent.
struct Driven {
  Config config;
  std::vector<Member> members;
  std::optional<Shunt> shunt{};
  State state{};
  Outcome last{};
  std::vector<bool> silent = std::vector<bool>(members.size());

  const Outcome& step(double dt_s = 1) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (!silent[i]) {
        members[i].age_s = 0.1;
        ++members[i].signs;
      } else if (members[i].age_s) {
        *members[i].age_s += dt_s;
      }
    }
    last = combine(members, shunt, config, state, dt_s);
    return last;
  }

  const Outcome& steps(double seconds, double dt_s = 1) {
    for (double passed_s = 0; passed_s < seconds; passed_s += dt_s) step(dt_s);
    return last;
  }
};

inline Driven bank_of(Wiring wiring, std::vector<Member> members) {
  return {.config = config_of(wiring, members.size()), .members = std::move(members)};
}

/// Whether the owner is told something with these words.
inline bool says(const Outcome& outcome, std::string_view words) {
  for (const Notice& notice : outcome.battery.notices) {
    if (notice.text.view().find(words) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace bms::bank::test
