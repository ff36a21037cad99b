#include "driver/port_memory.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "files/atomic_file.hpp"

namespace bms::driver {

using nlohmann::json;

std::string PortMemory::file_of(const std::string& location) const {
  return directory_ + "/ports/" + file_name_of(location) + ".json";
}

std::optional<link::ReachedBoard> PortMemory::recall(const std::string& location) const {
  if (directory_.empty()) return std::nullopt;
  std::ifstream file(file_of(location));
  const json stored = json::parse(file, nullptr, /*allow_exceptions=*/false);
  return stored.is_object() ? link::reached_board_from(stored) : std::nullopt;
}

bool PortMemory::store(const std::string& location, const link::ReachedBoard& what) const {
  if (directory_.empty() || recall(location) == what) return true;
  return write_atomically(file_of(location), to_json(what).dump() + "\n", Lasting::yes);
}

}  // namespace bms::driver
