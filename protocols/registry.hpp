// The one list of BMS families. Detection follows its order.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bms/bytes.hpp"
#include "bms/protocol.hpp"

namespace bms {

struct Family {
  std::string_view name;             ///< as on the command line and in the configuration: "jbd"
  unsigned baud;                     ///< what boards of this family leave the factory with
  std::string_view settings_prefix;  ///< begins the identity under which settings are kept: "jbd_..."
  std::unique_ptr<Protocol> (*make)();
  /// Says what recorded bytes mean; see jbd/jbd_explain.hpp.
  nlohmann::ordered_json (*explain)(std::optional<Bytes> request, const std::vector<std::vector<std::uint8_t>>& pieces);
};

[[nodiscard]] std::span<const Family> families();

/// The family of that name, or nullptr.
[[nodiscard]] const Family* find_family(std::string_view name);

/// All names, for messages: "jbd, daly".
[[nodiscard]] std::string family_names();

}  // namespace bms
