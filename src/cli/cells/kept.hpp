// Finds what drivers have kept of the cells of their batteries.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "battery/cell_document.hpp"
#include "bms/error.hpp"

namespace bms::cli {

/// The state directory of the drivers here: on Debian the one of the package's services, where there is one, since what
/// a driver of another user has kept is not to be missed.
[[nodiscard]] std::string place_of_kept_cells();

struct KeptCells {
  std::string battery;  ///< by what it is known: "jbd_1234567890"
  battery::CellDocument document;
};

/// The newest of the copies on the data partition and in memory. `wanted`: any name of the battery, as of
/// console::batteries_meant(), or the end of one; of several that were at a place it is the newest. Errors:
/// ErrorKind::silent where nothing is kept, rejected where several batteries are meant or the file cannot be read.
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
