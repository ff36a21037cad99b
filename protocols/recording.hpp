// A recorded exchange, as `dbus-bms decode` hands it to a family for explanation.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace bms {

struct Recording {
  std::optional<std::vector<std::uint8_t>> request;
  /// The answer in the pieces in which it came; they belong together in their order, and the cut means nothing.
  std::vector<std::vector<std::uint8_t>> pieces;
  /// The whole line: what else steers the decoder ("dialect", "variant", "address", "context", ...).
  nlohmann::ordered_json line = nlohmann::ordered_json::object();

  /// The whole answer.
  [[nodiscard]] std::vector<std::uint8_t> stream() const {
    std::vector<std::uint8_t> all;
    for (const auto& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
    return all;
  }
};

}  // namespace bms
