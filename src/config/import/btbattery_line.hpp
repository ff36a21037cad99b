// The command line of dbus-btbattery: which batteries it reads, and how they are connected.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/bank.hpp"

namespace bms::config {

/// "MAC" or "MAC:/path/to/config.ini".
struct BtBattery {
  std::string address{};  ///< in its canonical form
  std::string file{};     ///< its own configuration; empty: it has none
};

struct BtLine {
  BankMode mode = BankMode::series;
  std::vector<BtBattery> batteries{};  ///< one to `most_bank_members`, each once
  std::vector<std::string> doubts{};   ///< what the owner has to look at
};

/// Understands the words behind the name of the program. That name and what comes before it may be there as well, and
/// all of it may be one text, which is taken apart as a shell would. Errors: what was expected and what came, for each
/// word that cannot be understood; never empty.
[[nodiscard]] std::expected<BtLine, std::vector<std::string>> read_btbattery_line(std::span<const std::string> words);

/// A text from outside in double quotes, for a message or a comment: on one line, in UTF-8, cut where it is very long.
[[nodiscard]] std::string quoted_briefly(std::string_view text);

}  // namespace bms::config
