// What somebody hears who has asked for what passes over the line.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bms/error.hpp"
#include "bms/traffic.hpp"

namespace bms::console {

/// A piece; or that some were left out, because whoever asked does not read as fast as they come.
struct TraceNews {
  KeptTraffic piece{};
  std::uint64_t lost = 0;  ///< above 0: so many pieces are missing here, and there is no piece
};

using TraceListener = std::function<void(const TraceNews& news)>;

/// As a line of JSON: {"trace": {"at_s": 1234.5, "sent": HEX}}, "received" instead, or {"trace": {"lost": 3}}. Times
/// are those of the monotonic clock, which all processes of a machine share.
[[nodiscard]] std::string written(const Traffic& piece);
[[nodiscard]] std::string written_loss(std::uint64_t lost);

/// Reads such a line. Errors: ErrorKind::rejected.
[[nodiscard]] Result<TraceNews> trace_news_from(const nlohmann::ordered_json& json);

}  // namespace bms::console
