#include "cli/exchange_line.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "bms/hex.hpp"

namespace bms::cli {

namespace {

using Json = nlohmann::ordered_json;
using ByteVector = std::vector<std::uint8_t>;

Parsed<ByteVector> parse_hex(const Json& value, std::string_view key) {
  if (!value.is_string()) return std::unexpected("expected hexadecimal text in \"" + std::string(key) + "\"");
  auto bytes = from_hex(value.get_ref<const std::string&>());
  if (!bytes) return std::unexpected("expected pairs of hexadecimal digits in \"" + std::string(key) + "\"");
  return *std::move(bytes);
}

Parsed<std::optional<ByteVector>> parse_request(const Json& line) {
  const auto found = line.find("request");
  if (found == line.end() || found->is_null()) return std::nullopt;
  if (found->is_array() && found->empty()) return std::nullopt;
  // A capture may list several questions; the first one is what the answer belongs to.
  auto bytes = parse_hex(found->is_array() ? found->front() : *found, "request");
  if (!bytes) return std::unexpected(std::move(bytes).error());
  return *std::move(bytes);
}

Parsed<std::vector<ByteVector>> parse_response(const Json& line, std::string_view key) {
  const auto found = line.find(key);
  if (found == line.end()) return std::unexpected("expected a key \"" + std::string(key) + "\"");
  std::vector<ByteVector> pieces;
  if (found->is_null()) return pieces;
  const auto add = [&pieces, key](const Json& piece) -> Parsed<void> {
    auto bytes = parse_hex(piece, key);
    if (!bytes) return std::unexpected(std::move(bytes).error());
    pieces.push_back(*std::move(bytes));
    return {};
  };
  if (!found->is_array()) {
    if (auto added = add(*found); !added) return std::unexpected(std::move(added).error());
    return pieces;
  }
  for (const Json& piece : *found)
    if (auto added = add(piece); !added) return std::unexpected(std::move(added).error());
  return pieces;
}

}  // namespace

Parsed<Recording> parse_exchange(Json json, std::string_view response_key) {
  if (!json.is_object()) {
    return std::unexpected("expected a JSON object {\"request\": HEX or null, \"" + std::string(response_key) +
                           "\": HEX or [HEX, ...]}");
  }
  auto request = parse_request(json);
  if (!request) return std::unexpected(std::move(request).error());
  auto response = parse_response(json, response_key);
  if (!response) return std::unexpected(std::move(response).error());
  return Recording{.request = *std::move(request), .pieces = *std::move(response), .line = std::move(json)};
}

}  // namespace bms::cli
