// What a section [bank <name>] says: which batteries are one together.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bms::config {

enum class BankMode : std::uint8_t { parallel, series };

/// The options of the section, as they are written.
struct BankOptions {
  BankMode mode = BankMode::parallel;
  std::string members{};          ///< a list with commas
  std::optional<double> cells{};  ///< of each pack; empty: as it shows them first
  std::optional<double> min_members{};
  std::string shunt{};                  ///< a battery service, or the end of its name; empty: none
  std::optional<double> capacity_ah{};  ///< of each pack that does not tell its own
  /// Of each pack: bounds, and all that is known of one of another driver that names none.
  std::optional<double> pack_max_charge_a{}, pack_max_discharge_a{};
  std::optional<double> max_charge_a{}, max_discharge_a{};  ///< of the bank; empty: as [default] says for its packs
  bool soc_of_lowest = false;
};

/// A bank that can be used.
struct Bank {
  std::string name{};
  int line = 0;
  BankOptions options{};
  std::vector<std::string> members{};  ///< two or more, each once; in series from the negative end on
};

/// Something that a bank says and that cannot be, and what is done instead.
struct BankFault {
  std::string option;  ///< whose line it is; empty: that of the section
  std::string message, fallback;
};

/// No bank has more packs.
inline constexpr std::size_t most_bank_members = 16;

/// Checks what the section `name` says. `earlier`: the usable banks above it. Empty: it cannot be used.
[[nodiscard]] std::optional<Bank> usable_bank(const std::string& name, int line, const BankOptions& options,
                                              std::span<const Bank> earlier, std::vector<BankFault>& faults);

/// Which of its members a battery is that is known by these names. Empty: none of them.
[[nodiscard]] std::string member_named(const Bank& bank, std::span<const std::string_view> names);

}  // namespace bms::config
