#include "config/source.hpp"

#include <filesystem>

namespace bms::config {

namespace fs = std::filesystem;

Source source_of(const std::string& named, std::span<const char* const> usual) {
  if (!named.empty()) return {.file = named, .text = "configuration: " + named};
  std::string looked;
  for (const char* const place : usual) {
    std::error_code problem;
    const fs::file_type type = fs::status(place, problem).type();
    // What cannot even be looked at counts: that it cannot be read is then a fault that everybody sees.
    const bool counts = type == fs::file_type::regular || type == fs::file_type::directory ||
                        type == fs::file_type::none || type == fs::file_type::unknown;
    if (counts) return {.file = place, .text = std::string("configuration: ") + place};
    const bool absent = type == fs::file_type::not_found;
    looked += (looked.empty() ? "" : ", ") + std::string(place) + (absent ? "" : " is no file");
  }
  return {.file = {}, .text = "no configuration file (" + looked + "): everything has its default"};
}

}  // namespace bms::config
