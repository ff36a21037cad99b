#include "bridge/switched_off.hpp"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "files/atomic_file.hpp"
#include "files/small_file.hpp"

namespace bms::bridge {

using nlohmann::json;

SwitchedOff::SwitchedOff(const std::string& directory) : file_{directory + "/bridge.json"} {
  const files::SmallFile found = files::read_small_file(file_);
  if (!found.content && found.problem.empty()) return;
  const json stored = json::parse(found.content.value_or(""), nullptr, /*allow_exceptions=*/false);
  const auto list = stored.is_object() ? stored.find("switched_off") : stored.end();
  if (!stored.is_object() || list == stored.end() || !list->is_array()) {
    const auto aside = files::move_aside(file_, ".corrupt");
    spdlog::error("{} {}{}: chargers that were switched off stay off", file_,
                  found.problem.empty() ? "cannot be read" : found.problem,
                  aside ? " and was moved aside" : " and cannot be moved aside");
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
  if (files::write_atomically(file_, text + "\n", files::Lasting::yes))
    stored_ = chargers_;
  else
    spdlog::error("{} cannot be written: after a restart nobody knows which chargers were switched off by the bridge",
                  file_);
}

}  // namespace bms::bridge
