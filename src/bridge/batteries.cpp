#include "bridge/batteries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace bms::bridge {
namespace {

enum BatteryPath : std::size_t { ccl, connected, battery_current, cable_alarm, reading_age, allow_to_charge, instance };

constexpr std::array<std::string_view, 7> battery_paths{
    "/Info/MaxChargeCurrent", "/Connected",        "/Dc/0/Current",  "/Alarms/BmsCable",
    "/Info/LastReadingAge",   "/Io/AllowToCharge", "/DeviceInstance"};

constexpr double cable_alarm_level = 2;
constexpr std::size_t most_unfollowed = 1000;

Clock::duration seconds(double amount) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(amount));
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The names in a list with commas; none for "auto".
std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (const auto name = trimmed(list.substr(0, comma)); !name.empty()) names.emplace_back(name);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  if (names.size() == 1 && names.front() == "auto") names.clear();
  return names;
}

std::string short_name(const std::string& name) { return name.substr(Batteries::service_class.size()); }

}  // namespace

Batteries::Batteries(bus::BusConnection& bus, const Config& config, std::string heartbeats,
                     std::function<void()> on_news)
    : bus_{bus},
      config_{config},
      heartbeats_{std::move(heartbeats)},
      wanted_{names_in(config.batteries)},
      on_news_{std::move(on_news)} {}

bool Batteries::has_room_for(const std::string& name) const {
  const bool named = std::ranges::any_of(
      wanted_, [&](const auto& wanted) { return name == wanted || short_name(name).ends_with(wanted); });
  return batteries_.size() < (named ? 2 * most : most);
}

void Batteries::appeared(const std::string& name, const std::string& owner) {
  if (!has_room_for(name)) {
    if (unfollowed_.size() == most_unfollowed)
      crowded_ = true;
    else
      unfollowed_.insert(name);
    return on_news_();
  }
  Battery& battery = batteries_[name];
  battery = {};
  battery.heartbeat = std::make_unique<files::HeartbeatWatch>(heartbeats_, short_name(name));
  battery.service =
      std::make_unique<bus::FollowedService>(bus_, name, owner, battery_paths, [this, name] { take_news(name); });
}

void Batteries::left(const std::string& name) {
  batteries_.erase(name);
  unfollowed_.erase(name);
}

void Batteries::count(const std::string& name) {
  // When there are so many some of them have left, and charging is not allowed any more.
  if (counted_.size() < 2 * most) counted_.insert(name);
}

void Batteries::take_news(const std::string& name) {
  Battery& battery = batteries_[name];
  const bool first = !battery.true_at && battery.service->answered();
  // Of another driver's battery it can only be known that its process answers; of ours there is more.
  if (first || !battery.service->has(reading_age)) note_answer(battery);
  if (has_limit(battery)) count(name);
  on_news_();
}

void Batteries::note_answer(Battery& battery) {
  if (!battery.service->answered()) return;
  if (!battery.service->has(reading_age)) {
    battery.true_at = Clock::now();
  } else if (const auto age_s = battery.service->number(reading_age); age_s && *age_s >= 0 && *age_s < 1e6) {
    battery.true_at = Clock::now() - seconds(*age_s);
  }
}

void Batteries::listen() {
  for (auto& [name, battery] : batteries_) {
    const bool counts = battery.service->answered() && (!wanted_.empty() || counted_.contains(name));
    const auto beat = counts && battery.service->has(reading_age) ? battery.heartbeat->last() : std::nullopt;
    if (beat) battery.true_at = beat;
    battery.must_be_asked = counts && !beat;
  }
}

bool Batteries::some_must_be_asked() const {
  return std::ranges::any_of(batteries_, [](const auto& entry) { return entry.second.must_be_asked; });
}

void Batteries::ask(std::chrono::milliseconds timeout) {
  for (auto& [name, battery] : batteries_) {
    if (!battery.must_be_asked) continue;
    const BatteryPath sign = battery.service->has(reading_age) ? reading_age : ccl;
    battery.service->ask(sign, timeout, [this, &asked = battery](bool answered) {
      if (answered) note_answer(asked);
    });
  }
}

/// A battery for this purpose is what has ever published a limit, or has the paths of a BMS and publishes none
/// now. Shunts and monitors are neither.
bool Batteries::has_limit(const Battery& battery) {
  const bus::FollowedService& service = *battery.service;
  return service.has(ccl) && (service.number(ccl) || service.has(cable_alarm) || service.has(allow_to_charge));
}

bool Batteries::is_meant(const std::string& name, const Battery& battery, std::string_view wanted) {
  int number = 0;
  const auto [end, problem] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
  if (problem == std::errc{} && end == wanted.data() + wanted.size())
    return battery.service->number(instance) == static_cast<double>(number);
  return name == wanted || short_name(name).ends_with(wanted);
}

BatteryView Batteries::view_of(const std::string& name, const Battery& battery, Clock::time_point now) const {
  const bus::FollowedService& service = *battery.service;
  BatteryView view{.name = short_name(name), .present = true};
  view.connected = service.number(connected) == 1.0;
  view.cable_alarm = service.number(cable_alarm) >= cable_alarm_level;
  view.ccl_a = service.number(ccl);
  view.current_a = service.number(battery_current);
  if (battery.true_at) view.age_s = std::chrono::duration<double>(now - *battery.true_at).count();
  return view;
}

std::vector<BatteryView> Batteries::views(Clock::time_point now) const {
  std::vector<BatteryView> views;
  for (const std::string& wanted : wanted_) {
    bool found = false;
    for (const auto& [name, battery] : batteries_) {
      if (!is_meant(name, battery, wanted)) continue;
      views.push_back(view_of(name, battery, now));
      found = true;
    }
    if (!found) views.push_back({.name = wanted});
  }
  if (!wanted_.empty()) return views;
  if (crowded_ || !unfollowed_.empty())
    views.push_back({.name = fmt::format("one of more than {} batteries", most), .present = true});
  for (const std::string& name : counted_) {
    if (!batteries_.contains(name)) views.push_back({.name = short_name(name)});
  }
  for (const auto& [name, battery] : batteries_) {
    // One that has not answered may be a battery that says no.
    if (counted_.contains(name) || !battery.service->answered()) views.push_back(view_of(name, battery, now));
  }
  return views;
}

std::optional<Clock::time_point> Batteries::next_expiry(Clock::time_point now) const {
  std::optional<Clock::time_point> next;
  for (const auto& [name, battery] : batteries_) {
    if (!battery.true_at) continue;
    const auto expiry = *battery.true_at + seconds(config_.stale_after_s);
    if (expiry > now && (!next || expiry < *next)) next = expiry;
  }
  return next;
}

bool Batteries::all_answered() const {
  return std::ranges::all_of(batteries_, [](const auto& entry) { return entry.second.service->answered(); });
}

}  // namespace bms::bridge
