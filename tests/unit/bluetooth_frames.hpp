// Recorded advertisements and sessions: tests/frames/ble.json.
#pragma once

#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "bluetooth/advertisement.hpp"
#include "bms/hex.hpp"

namespace bms::bluetooth_test {

using Json = nlohmann::ordered_json;

inline const Json& ble_file() {
  static const Json content = [] {
    std::ifstream file(TEST_FRAMES_DIR "/ble.json");
    return Json::parse(file);
  }();
  return content;
}

struct Recorded {
  bluetooth::Advertisement advertisement;
  std::string family;  ///< empty: another make
  std::string other;   ///< that make
};

inline void PrintTo(const Recorded& one, std::ostream* out) {
  *out << (one.family.empty() ? one.other : one.family) << " \"" << shown_name(one.advertisement) << "\" "
       << one.advertisement.address;
}

inline std::string text_or_nothing(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? std::string() : found->get<std::string>();
}

inline std::uint16_t company_of(const std::string& key) {
  std::uint16_t company = 0;
  std::from_chars(key.data(), key.data() + key.size(), company, 16);
  return company;
}

inline std::vector<Recorded> recorded_advertisements() {
  std::vector<Recorded> all;
  for (const Json& json : ble_file()["advertisements"]) {
    Recorded one{.advertisement = {.address = text_or_nothing(json, "address"),
                                   .name = text_or_nothing(json, "name"),
                                   .service_uuids = json["service_uuids"].get<std::vector<std::string>>()},
                 .family = text_or_nothing(json, "family"),
                 .other = text_or_nothing(json, "other")};
    for (const auto& [company, data] : json["manufacturer_data"].items())
      one.advertisement.manufacturer_data[company_of(company)] = from_hex(data.get<std::string>()).value();
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace bms::bluetooth_test
