// What a section [bank <name>] of config.ini says.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bank/config.hpp"

namespace bms::bank {

struct Section {
  Wiring wiring = Wiring::parallel;
  std::string members{};                ///< with commas in between; in series from the negative end on
  std::optional<double> cells{};        ///< of each pack; empty: those that it shows first
  std::optional<double> min_members{};  ///< in parallel; empty: as least_members() has it
  std::string shunt{};                  ///< the service of a battery monitor; empty: none
  std::optional<double> max_charge_a{}, max_discharge_a{};  ///< of the bank; empty: what the packs allow
  bool soc_of_lowest = false;                               ///< in series
};

/// The packs by the names that the section has for them.
[[nodiscard]] std::vector<std::string> members_of(const Section& section);

/// Why there cannot be such a bank.
struct Objection {
  std::string_view option;  ///< that is wrong: "members"
  std::string message;      ///< what was expected, and what is there
};

/// The first thing that speaks against it. Empty: nothing does.
[[nodiscard]] std::optional<Objection> objection_to(const Section& section);

/// The bank, with the voltages of `usual`, which is what is configured for every battery.
[[nodiscard]] Config config_of(const Section& section, const charge::Config& usual);

}  // namespace bms::bank
