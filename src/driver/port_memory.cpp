#include "driver/port_memory.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace bms::driver {

namespace fs = std::filesystem;
using nlohmann::json;

std::string PortMemory::file_of(const std::string& location) const {
  std::string name = location;
  std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_' && c != '-'; }, '_');
  return directory_ + "/ports/" + name + ".json";
}

std::optional<link::ReachedBoard> PortMemory::recall(const std::string& location) const {
  if (directory_.empty()) return std::nullopt;
  std::ifstream file(file_of(location));
  const json stored = json::parse(file, nullptr, /*allow_exceptions=*/false);
  return stored.is_object() ? link::reached_board_from(stored) : std::nullopt;
}

bool PortMemory::store(const std::string& location, const link::ReachedBoard& what) const {
  if (directory_.empty() || recall(location) == what) return true;
  std::error_code problem;
  const std::string path = file_of(location);
  fs::create_directories(fs::path(path).parent_path(), problem);
  const std::string fresh = path + ".new";
  std::FILE* file = std::fopen(fresh.c_str(), "w");
  if (file == nullptr) return false;
  const std::string text = to_json(what).dump() + "\n";
  bool good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  good = std::fflush(file) == 0 && good;
  good = fsync(fileno(file)) == 0 && good;
  good = std::fclose(file) == 0 && good;
  if (good) fs::rename(fresh, path, problem);
  return good && !problem;
}

}  // namespace bms::driver
