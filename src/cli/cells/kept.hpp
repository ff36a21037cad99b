// Finds what drivers have kept of the cells of their batteries.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "battery/cell_document.hpp"
#include "bms/error.hpp"

namespace bms::cli {

/// The batteries of those names that are meant: all of them when nothing is wanted, the one that is called so, else
/// those that end so. Case does not matter, nor do characters other than letters and digits.
[[nodiscard]] std::vector<std::string> batteries_meant(std::span<const std::string> names, std::string_view wanted);

struct KeptCells {
  std::string battery;  ///< by what it is known: "jbd_1234567890"
  battery::CellDocument document;
};

/// The newest of the copies on the data partition and in memory. Errors: ErrorKind::silent where nothing is kept,
/// rejected where several batteries are meant or the file cannot be read.
[[nodiscard]] Result<KeptCells> find_kept_cells(const std::string& state_directory, const std::string& run_directory,
                                                std::string_view wanted);

/// What is kept of the packs of one bank.
struct KeptBank {
  std::vector<KeptCells> packs{};
  std::vector<std::string> unknown{};   ///< packs of which nothing is kept by the name that the bank has for them
  std::vector<std::string> problems{};  ///< of those whose file cannot be read
};

/// The cells of all packs of the bank of this name, in its order. Empty: no bank of this name was ever run.
[[nodiscard]] std::optional<KeptBank> find_kept_bank(const std::string& state_directory,
                                                     const std::string& run_directory, const std::string& name);

}  // namespace bms::cli
