#include "line/port_memory.hpp"

#include <nlohmann/json.hpp>

#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::line {

using nlohmann::json;

std::string PortMemory::file_of(const std::string& location) const {
  return directory_ + "/ports/" + files::file_name_of(location) + ".json";
}

std::optional<link::ReachedBoard> PortMemory::recall(const std::string& location) const {
  if (directory_.empty()) return std::nullopt;
  const json stored =
      json::parse(files::read_small_file(file_of(location)).content.value_or(""), nullptr, /*allow_exceptions=*/false);
  return stored.is_object() ? link::reached_board_from(stored) : std::nullopt;
}

bool PortMemory::store(const std::string& location, const link::ReachedBoard& what) const {
  if (directory_.empty() || recall(location) == what) return true;
  return files::write_atomically(file_of(location), to_json(what).dump() + "\n", files::Lasting::yes);
}

}  // namespace bms::line
