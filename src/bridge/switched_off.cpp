#include "bridge/switched_off.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "files/atomic_file.hpp"

namespace bms::bridge {

using nlohmann::json;

SwitchedOff::SwitchedOff(const std::string& directory) : file_{directory + "/bridge.json"} {
  std::ifstream in(file_);
  if (!in) return;
  const json stored = json::parse(in, nullptr, /*allow_exceptions=*/false);
  const auto list = stored.is_object() ? stored.find("switched_off") : stored.end();
  if (!stored.is_object() || list == stored.end() || !list->is_array()) {
    std::error_code ignored;
    std::filesystem::rename(file_, file_ + ".corrupt", ignored);
    spdlog::error("{} cannot be read and was moved aside: chargers that were switched off stay off", file_);
    return;
  }
  for (const json& charger : *list) {
    if (charger.is_string()) chargers_.insert(charger.get<std::string>());
  }
  stored_ = chargers_;
}

void SwitchedOff::add(const std::string& charger) {
  chargers_.insert(charger);
  if (!stored_.contains(charger)) flush();
}

void SwitchedOff::remove(const std::string& charger) {
  chargers_.erase(charger);
  if (stored_.contains(charger)) flush();
}

void SwitchedOff::flush() {
  if (chargers_ == stored_) return;
  const std::string text = json{{"switched_off", chargers_}}.dump(-1, ' ', false, json::error_handler_t::replace);
  if (write_atomically(file_, text + "\n", Lasting::yes))
    stored_ = chargers_;
  else
    spdlog::error("{} cannot be written: after a restart nobody knows which chargers were switched off by the bridge",
                  file_);
}

}  // namespace bms::bridge
