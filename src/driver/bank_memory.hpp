// What is remembered of a bank beside what is of any battery: which packs its owner has taken out, and for which packs
// it was charged.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bms::driver {

struct BankNote {
  std::vector<std::string> members{};  ///< in the order of the configuration
  std::set<std::string> excluded{};    ///< some of them, for service
};

/// What such a file says. Empty: it is damaged.
[[nodiscard]] std::optional<BankNote> bank_note_in(std::string_view text);

class BankMemory {
 public:
  /// `file` in a directory that outlives a power cut; empty: nothing is remembered.
  explicit BankMemory(std::string file) : file_(std::move(file)) {}

  /// What was saved last; nothing where there is nothing, or where it is damaged, as the log says then.
  [[nodiscard]] BankNote recall() const;

  /// False: it could not be written.
  [[nodiscard]] bool save(const BankNote& note) const;

 private:
  std::string file_;
};

/// The file of a bank. Empty directory: none.
[[nodiscard]] std::string bank_file(const std::string& directory, const std::string& bank);

}  // namespace bms::driver
