// One exchange of a capture, as JSON has it.
#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "recording.hpp"

namespace bms::cli {

/// Or what is wrong with it, in words.
template <class T>
using Parsed = std::expected<T, std::string>;

/// Reads {"request": HEX or null, "response": HEX or [HEX, ...]}. `response_key`: what the answer is called there.
[[nodiscard]] Parsed<Recording> parse_exchange(nlohmann::ordered_json json, std::string_view response_key = "response");

}  // namespace bms::cli
