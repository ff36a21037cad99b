#include "driver/battery_memory.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <span>

#include "files/small_file.hpp"

namespace bms::driver {

using nlohmann::json;

namespace {

// To be raised when older programs would misunderstand a newer file. New members need no new format.
constexpr int format = 1;

/// Inside the bounds that are checked when it is read again: a value that is off must not cost all the others.
json bounded(double value, double min, double max) { return std::clamp(std::isnan(value) ? min : value, min, max); }

template <class T>
json written(const T& value, std::span<const KeptField<T>> fields) {
  json object = json::object();
  for (const KeptField<T>& field : fields) {
    const std::string name(field.name);
    if (const auto* number = std::get_if<double T::*>(&field.place)) {
      object[name] = bounded(value.**number, field.min, field.max);
    } else if (const auto* flag = std::get_if<bool T::*>(&field.place)) {
      object[name] = value.**flag;
    } else if (const auto& known = value.*std::get<std::optional<double> T::*>(field.place)) {
      object[name] = bounded(*known, field.min, field.max);
    }
  }
  return object;
}

/// The member as a number or a flag. Empty: it is something else.
std::optional<double> number_in(const json& entry) {
  return entry.is_number() ? std::optional(entry.get<double>()) : std::nullopt;
}
std::optional<bool> flag_in(const json& entry) {
  return entry.is_boolean() ? std::optional(entry.get<bool>()) : std::nullopt;
}

/// A member that is missing was added later and keeps its initial value. False: a member has a value that nobody wrote.
template <class T>
bool take(const json& object, std::span<const KeptField<T>> fields, T& value) {
  if (!object.is_object()) return false;
  for (const KeptField<T>& field : fields) {
    const auto entry = object.find(field.name);
    if (entry == object.end()) continue;
    if (const auto* flag = std::get_if<bool T::*>(&field.place)) {
      const auto said = flag_in(*entry);
      if (!said) return false;
      value.** flag = *said;
      continue;
    }
    const auto number = number_in(*entry);
    if (!number || !(*number >= field.min && *number <= field.max)) return false;
    if (const auto* plain = std::get_if<double T::*>(&field.place)) {
      value.** plain = *number;
    } else {
      value.*std::get<std::optional<double> T::*>(field.place) = number;
    }
  }
  return true;
}

std::string new_lineage() {
  std::random_device random;
  return std::to_string((std::uint64_t{random()} << 32U) | random());
}

}  // namespace

struct BatteryMemory::File {
  std::string lineage;
  std::uint64_t saves = 0;
  std::int64_t saved_at = 0;
  Remembered what;
};

std::string battery_file(const std::string& directory, const std::string& id) {
  return directory.empty() ? std::string() : directory + "/batteries/" + files::file_name_of(id) + ".json";
}

std::optional<BatteryMemory::File> BatteryMemory::read(const std::string& path) {
  const files::SmallFile found = files::read_small_file(path);
  if (!found.problem.empty()) set_aside(path, ".corrupt", found.problem);
  if (!found.content) return std::nullopt;
  const json stored = json::parse(*found.content, nullptr, /*allow_exceptions=*/false);
  const auto member = [&](const char* name) { return stored.is_object() ? stored.value(name, json()) : json(); };
  const json version = member("format");
  if (version.is_number_integer() && version.get<std::int64_t>() > format) {
    set_aside(path, ".newer", "was written by a later version");
    return std::nullopt;
  }
  File file;
  const json lineage = member("lineage");
  const json saves = member("saves");
  const json saved_at = member("saved_at");
  const bool sound = version == format && lineage.is_string() && saves.is_number_unsigned() &&
                     saved_at.is_number_integer() && take(member("charge"), charge::kept_fields(), file.what.charge) &&
                     take(member("battery"), battery::kept_fields(), file.what.battery);
  if (!sound) {
    set_aside(path, ".corrupt", "cannot be read");
    return std::nullopt;
  }
  file.lineage = lineage.get<std::string>();
  file.saves = saves.get<std::uint64_t>();
  file.saved_at = saved_at.get<std::int64_t>();
  return file;
}

void BatteryMemory::set_aside(const std::string& path, const std::string& suffix, const std::string& why) {
  const auto aside = files::move_aside(path, suffix);
  problem_ = path + " " + why + (aside ? "; kept as " + *aside : "; it cannot be moved aside");
}

std::optional<Recalled> BatteryMemory::recall(WallTime now) {
  problem_.clear();
  if (lasting_path_.empty()) return std::nullopt;
  auto found = read(lasting_path_);
  if (!problem_.empty()) problem_ += "; counting starts anew";
  if (!found) return std::nullopt;
  if (!memory_path_.empty()) {
    auto newer = read(memory_path_);
    if (newer && newer->lineage == found->lineage && newer->saves > found->saves) found = std::move(newer);
  }
  lineage_ = found->lineage;
  saves_ = found->saves;
  const std::int64_t now_s = files::unix_seconds(now);
  const bool believable = found->saved_at >= files::first_believable_s && now_s >= found->saved_at;
  return Recalled{.what = found->what,
                  .down_s = believable ? std::optional(static_cast<double>(now_s - found->saved_at)) : std::nullopt};
}

bool BatteryMemory::save(const Remembered& what, files::Lasting lasting, WallTime now) {
  const std::string& path = lasting == files::Lasting::yes ? lasting_path_ : memory_path_;
  if (path.empty()) return true;
  if (lineage_.empty()) lineage_ = new_lineage();
  const json content = {{"format", format},
                        {"lineage", lineage_},
                        {"saves", ++saves_},
                        {"saved_at", files::unix_seconds(now)},
                        {"charge", written(what.charge, charge::kept_fields())},
                        {"battery", written(what.battery, battery::kept_fields())}};
  return files::write_atomically(path, content.dump(1) + "\n", lasting);
}

}  // namespace bms::driver
