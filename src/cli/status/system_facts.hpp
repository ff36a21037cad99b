// What the machine says: releases, processes of this program, ports and who has them open.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace bms::cli {

/// {"program", "system", "machine", "kernel", "load", "memory_available_kb"}, as far as they are known.
[[nodiscard]] nlohmann::ordered_json versions_here();

/// Every process of this program but this one: [{"pid", "command", "up_s", "cpu_s", "memory_kb"}].
[[nodiscard]] nlohmann::ordered_json processes_here();

/// Adapters that are plugged in: [{"port", "used_by": [{"pid", "name"}]}].
[[nodiscard]] nlohmann::ordered_json ports_here();

}  // namespace bms::cli
