#include "driver/settings_keeper.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "files/atomic_file.hpp"
#include "files/small_file.hpp"
#include "items/user_settings.hpp"

namespace bms::driver {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

// To be raised when older programs would misunderstand a newer file. New settings need no new format.
constexpr int settings_format = 1;

// Whoever changes the same again and again wears out no memory.
constexpr int saves_at_once = 5;
constexpr auto pace_of_saves = 10s;

constexpr mode_t usual_mode = 0644;

std::string settings_file(const std::string& directory, const std::string& battery_id) {
  return directory.empty() ? "" : directory + "/batteries/" + files::file_name_of(battery_id) + ".settings.json";
}

/// What differs from `before` is what the owner has changed.
UserSettings changed(UserSettings kept, const UserSettings& before, const UserSettings& now,
                     const std::string& battery) {
  for (const items::UserSetting& row : items::user_setting_rows()) {
    if (row.get(now) == row.get(before)) continue;
    row.put(kept, row.get(now));
    spdlog::info("{}: {}", battery, items::in_words(row, kept));
  }
  return kept;
}

}  // namespace

SettingsKeeper::SettingsKeeper(boost::asio::io_context& loop, std::string lasting, std::string in_memory)
    : lasting_(std::move(lasting)),
      in_memory_(std::move(in_memory)),
      saving_(loop, saves_at_once, pace_of_saves, [this] { save(); }) {}

SettingsKeeper::~SettingsKeeper() {
  if (unsaved_) save();
}

bool SettingsKeeper::claim(const std::string& battery_id) {
  if (in_memory_.empty() || battery_id == claimed_) return true;
  std::error_code ignored;
  std::filesystem::create_directories(in_memory_, ignored);
  const std::string file = in_memory_ + "/" + files::file_name_of(battery_id) + ".claim";
  files::Descriptor mine(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, usual_mode));
  // Where nothing can be written nobody else could either.
  if (!mine.is_open()) return true;
  if (flock(mine.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
  claim_ = std::move(mine);
  claimed_ = battery_id;
  return true;
}

void SettingsKeeper::meet(const std::string& battery_id, const Introduction& /*who*/, const UserBounds& bounds,
                          Wishes& wishes) {
  bounds_ = bounds;
  wishes_ = &wishes;
  battery_ = battery_id;
  file_ = settings_file(lasting_, battery_id);
  std::string problem;
  kept_ = read_settings(file_, problem);
  if (!problem.empty()) {
    const auto aside = files::move_aside(file_, ".corrupt");
    spdlog::error("{} {}{}; the settings of the owner are as configured", file_, problem,
                  aside ? "; kept as " + *aside : "");
  }
  wishes_->change_settings(items::bounded(kept_, bounds_));
}

void SettingsKeeper::set_bounds(const UserBounds& bounds) {
  if (wishes_ == nullptr || bounds == bounds_) return;
  bounds_ = bounds;
  wishes_->change_settings(items::bounded(kept_, bounds_));
}

void SettingsKeeper::show_settings(const UserSettings& user) {
  if (wishes_ == nullptr) return;  // what was kept is not known yet, and comes first
  const UserSettings before = items::bounded(kept_, bounds_);
  if (user == before) return;
  kept_ = changed(kept_, before, user, battery_);
  unsaved_ = true;
  saving_.ask();
}

void SettingsKeeper::follow(const std::string& other) {
  if (!other.empty()) spdlog::warn("external_battery = {} is not there without D-Bus", other);
}

void SettingsKeeper::save() {
  unsaved_ = false;
  if (file_.empty()) return;
  const bool saved = files::write_atomically(file_, written(kept_), files::Lasting::yes);
  if (!saved && !save_failed_) spdlog::error("{} cannot be written; the next start knows nothing of it", file_);
  save_failed_ = !saved;
}

UserSettings read_settings(const std::string& file, std::string& problem) {
  const files::SmallFile found = file.empty() ? files::SmallFile{} : files::read_small_file(file);
  problem = found.problem;
  UserSettings user;
  if (!found.content) return user;
  const json stored = json::parse(*found.content, nullptr, /*allow_exceptions=*/false);
  const auto settings = stored.is_object() ? stored.find("settings") : stored.end();
  const bool sound =
      settings != stored.end() && settings->is_object() && stored.value("format", json()) == settings_format;
  for (const items::UserSetting& row : items::user_setting_rows()) {
    const auto entry = sound ? settings->find(stored_name(row)) : stored.end();
    if (!sound || entry == settings->end()) continue;
    if (!entry->is_number()) {
      problem = "holds something else than numbers";
      return {};
    }
    items::from_stored(row, items::as_value(row, entry->get<double>()), user);
  }
  if (!sound) problem = "is no file of settings";
  return user;
}

std::string written(const UserSettings& user) {
  json settings = json::object();
  for (const items::UserSetting& row : items::user_setting_rows()) {
    if (const auto number = row.get(user)) settings[std::string(stored_name(row))] = *number;
  }
  return json{{"format", settings_format}, {"settings", std::move(settings)}}.dump(1) + "\n";
}

}  // namespace bms::driver
