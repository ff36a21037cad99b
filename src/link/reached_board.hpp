// How a board was reached, as captures and the memory of a port keep it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace bms::link {

struct ReachedBoard {
  std::string family;    ///< "rec"
  std::string dialect;   ///< as in bms::Variant
  unsigned baud = 0;     ///< 0: the line has no speed
  unsigned address = 0;  ///< on the line; 0: none is needed

  friend bool operator==(const ReachedBoard&, const ReachedBoard&) = default;
};

[[nodiscard]] nlohmann::ordered_json to_json(const ReachedBoard& board);

/// Empty when something is missing or of another type.
[[nodiscard]] std::optional<ReachedBoard> reached_board_from(const nlohmann::json& json);

}  // namespace bms::link
