// `dbus-bms decode FAMILY`: says what recorded exchanges mean, without hardware.
#include "cli/decode.hpp"

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/exchange_line.hpp"
#include "registry.hpp"

namespace bms::cli {
namespace {

using Json = nlohmann::ordered_json;

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
    if (const auto recording = parse_exchange(Json::parse(line, nullptr, /*allow_exceptions=*/false))) {
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
