#include "venus/place.hpp"

#include <filesystem>

#include "bus/bus_look.hpp"
#include "venus/settings_client.hpp"

namespace bms::venus {

std::string why_no_venus(const std::string& directory) {
  std::error_code ignored;
  if (std::filesystem::is_directory(directory, ignored)) return {};
  const std::string settings(SettingsClient::service);
  const auto found = bus::has_owner(settings);
  if (!found) return found.error();
  return *found ? "" : settings + " is not on the bus";
}

}  // namespace bms::venus
