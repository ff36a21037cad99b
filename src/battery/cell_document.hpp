// What is known of the cells of a battery as a text to be kept: JSON, with the trends as hexadecimal digits in it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "battery/cell_monitor.hpp"
#include "bms/error.hpp"

namespace bms::battery {

/// More than a text of 64 cells with full trends and alerts takes.
inline constexpr std::size_t longest_cell_document = 512 * 1024;

struct CellDocument {
  CellRecord record;
  std::optional<double> saved_unix_s{};  ///< empty: no clock could be believed
  std::string place{};                   ///< where the battery was: "ttyUSB0_2"; earlier versions do not say it
};

/// The text, ended by a line feed.
[[nodiscard]] std::string written(const CellRecord& record, std::optional<double> saved_unix_s,
                                  std::string_view place = {});

/// Reads what written() has written, all of it or nothing. Errors: ErrorKind::rejected with what is wrong;
/// ErrorKind::unsupported where a later version of this program wrote it.
[[nodiscard]] Result<CellDocument> read_cell_document(std::string_view text);

}  // namespace bms::battery
