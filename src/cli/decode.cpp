// `dbus-bms decode FAMILY`: says what recorded exchanges mean, without hardware.
#include "cli/decode.hpp"

#include <cstdint>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bms/error.hpp"
#include "bms/hex.hpp"
#include "recording.hpp"
#include "registry.hpp"

namespace bms::cli {
namespace {

using Json = nlohmann::ordered_json;
using ByteVector = std::vector<std::uint8_t>;

/// What is wrong with a line, in words.
template <class T>
using Parsed = std::expected<T, std::string>;

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

Parsed<std::vector<ByteVector>> parse_response(const Json& line) {
  const auto found = line.find("response");
  if (found == line.end()) return std::unexpected(std::string("expected a key \"response\""));
  std::vector<ByteVector> pieces;
  if (found->is_null()) return pieces;
  const auto add = [&pieces](const Json& piece) -> Parsed<void> {
    auto bytes = parse_hex(piece, "response");
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

Parsed<Recording> parse_line(const std::string& line) {
  Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return std::unexpected(
        std::string(R"(expected a JSON object {"request": HEX or null, "response": HEX or [HEX, ...]})"));
  auto request = parse_request(json);
  if (!request) return std::unexpected(std::move(request).error());
  auto response = parse_response(json);
  if (!response) return std::unexpected(std::move(response).error());
  return Recording{.request = *std::move(request), .pieces = *std::move(response), .line = std::move(json)};
}

/// A line of a capture that says something about the capture itself.
bool is_note(const std::string& line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  return json.is_object() && json.contains("note") && !json.contains("response");
}

bool is_blank(const std::string& line) { return line.find_first_not_of(" \t\r") == std::string::npos; }

ExitCode complain_about_family(std::string_view family) {
  std::cerr << "unknown BMS family '" << family << "'; known are:";
  for (const Family& known : families()) std::cerr << ' ' << known.name;
  std::cerr << '\n';
  return ExitCode::configuration;
}

}  // namespace

ExitCode decode(std::string_view family, std::istream& in, std::ostream& out) {
  const Family* const known = find_family(family);
  if (known == nullptr) return complain_about_family(family);

  ExitCode code = ExitCode::stopped;
  for (std::string line; std::getline(in, line);) {
    if (is_blank(line) || is_note(line)) continue;
    Json facts;
    if (const auto recording = parse_line(line)) {
      facts = known->explain(*recording);
    } else {
      facts = Json{{"error", "input"}, {"message", recording.error()}};
      code = ExitCode::configuration;
    }
    out << facts.dump() << '\n';
  }
  return code;
}

}  // namespace bms::cli
