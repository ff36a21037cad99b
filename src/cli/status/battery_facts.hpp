// What the bus and the heartbeats say of batteries.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace bms::cli {

/// {"bus": "" or what is wrong with it, "batteries": [{"service", "product", ...}]}: all battery services, ours or not.
[[nodiscard]] nlohmann::ordered_json batteries_on_bus();

/// [{"battery", "age_s"}]: how old the newest believed reading of each battery of ours is; null: there was none.
[[nodiscard]] nlohmann::ordered_json heartbeats_in(const std::string& run_directory);

}  // namespace bms::cli
