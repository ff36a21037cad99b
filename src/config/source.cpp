#include "config/source.hpp"

#include <filesystem>

#include "files/handed_over.hpp"

namespace bms::config {

namespace fs = std::filesystem;

std::vector<std::string> usual_places() {
  std::vector<std::string> places{"/data/apps/dbus-bms/config.ini", "/etc/dbus-bms/config.ini"};
  const std::string ours = files::handed_over("CONFIGURATION_DIRECTORY", "");
  if (!ours.empty()) places.insert(places.begin(), ours + "/config.ini");
  return places;
}

Source source_of(const std::string& named, std::span<const std::string> usual) {
  if (!named.empty()) return {.file = named, .text = "configuration: " + named};
  std::string looked;
  for (const std::string& place : usual) {
    std::error_code problem;
    const fs::file_type type = fs::status(place, problem).type();
    // What cannot even be looked at counts: that it cannot be read is then a fault that everybody sees.
    const bool counts = type == fs::file_type::regular || type == fs::file_type::directory ||
                        type == fs::file_type::none || type == fs::file_type::unknown;
    if (counts) return {.file = place, .text = "configuration: " + place};
    const bool absent = type == fs::file_type::not_found;
    looked += (looked.empty() ? "" : ", ") + place + (absent ? "" : " is no file");
  }
  return {.file = {}, .text = "no configuration file (" + looked + "): everything has its default"};
}

}  // namespace bms::config
