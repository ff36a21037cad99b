#include "venus/bus_face.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <cmath>
#include <utility>

#include "files/footprint.hpp"
#include "files/wall_clock.hpp"
#include "venus/device_id.hpp"

namespace bms::venus {

using namespace std::chrono_literals;

namespace {

constexpr auto settings_patience = 30s;
constexpr double most_current_a = 10'000;  // what a shunt says beyond this is not a measurement

std::optional<double> value_of(const std::optional<bus::RemoteItem>& item) {
  return item ? item->value() : std::nullopt;
}

}  // namespace

BusFace::BusFace(boost::asio::io_context& loop, std::function<void()> on_lost)
    : on_lost_(std::move(on_lost)), settings_timer_(loop), bus_(loop) {
  bus_.on_lost([this](const std::string& why) {
    spdlog::error("lost the bus: {}", why);
    on_lost_();
  });
  bus_.on_calm(files::give_back_startup_memory);
}

bool BusFace::claim(const std::string& battery_id) { return claim_device(bus_, battery_id); }

void BusFace::meet(const std::string& battery_id, const Introduction& who, const UserBounds& bounds, Wishes& wishes) {
  const auto now = [] {
    const std::chrono::duration<double> running = std::chrono::steady_clock::now().time_since_epoch();
    return items::Moment{.running_s = running.count(), .unix_s = files::unix_time(std::chrono::system_clock::now())};
  };
  facts_ = {.who = who, .version = BMS_VERSION, .device_instance = 0, .custom_name = {}, .clock = now};
  bounds_ = bounds;
  wishes_ = &wishes;
  settings_timer_.after(settings_patience, [] {
    spdlog::warn("no answer from com.victronenergy.settings for {} s; the battery comes to the bus when there is one",
                 settings_patience.count());
  });
  const auto take_name = [this](const std::string& name) {
    if (service_) service_->set_custom_name(name);
  };
  settings_.emplace(bus_, battery_id, bounds,
                    BatterySettings::Callbacks{
                        .on_known = [this](const auto& known) { take_settings(known); },
                        .on_custom_name = take_name,
                        .on_user_settings = [this](const UserSettings& user) { wishes_->change_settings(user); },
                    });
  // The ESS's own minimum SoC is where discharging ends, if there is an ESS.
  floor_soc_.emplace(bus_, "com.victronenergy.system", "/Control/ActiveSocLimit", [] {});
}

void BusFace::set_bounds(const UserBounds& bounds) {
  if (!settings_ || bounds == bounds_) return;
  bounds_ = bounds;
  const auto user = settings_->set_bounds(bounds);
  if (service_) service_->set_bounds(bounds);
  if (user) wishes_->change_settings(*user);
}

void BusFace::show_settings(const UserSettings& user) {
  if (!user_) return;  // what localsettings keeps is not known yet, and comes first
  user_ = user;
  settings_->set_user_settings(user);
  if (service_) service_->set_user_settings(user);
}

void BusFace::take_settings(const BatterySettings::Known& known) {
  settings_timer_.cancel();
  facts_.device_instance = known.device_instance;
  facts_.custom_name = known.custom_name;
  user_ = known.user;
  wishes_->change_settings(known.user);
  wishes_->face_is_ready();
}

void BusFace::follow(const std::string& other) {
  if (other.empty()) return;
  external_current_.emplace(bus_, other, "/Dc/0/Current", [] {});
  external_soc_.emplace(bus_, other, "/Soc", [] {});
}

External BusFace::external() const {
  auto current_a = value_of(external_current_);
  if (current_a && std::abs(*current_a) > most_current_a) current_a.reset();
  return {.current_a = current_a, .soc_pct = value_of(external_soc_), .floor_soc_pct = value_of(floor_soc_)};
}

bool BusFace::enter(const Battery& battery, const Limits& limits) {
  if (service_ || !user_) return false;
  items_.emplace(facts_, battery, bounds_);
  items_->set_user_settings(*user_);
  items::WriteHandlers written;
  written.custom_name = [this](const std::string& name) { settings_->set_custom_name(name); };
  if (facts_.who.may_be_changed) {
    written.user_settings = [this](const UserSettings& user) { wishes_->change_settings(user); };
    written.soc = [this](double soc_pct) { return wishes_->set_soc(soc_pct, "D-Bus"); };
    written.switch_over = [this](const BmsSwitch& command) { return wishes_->switch_over(command, "D-Bus"); };
    written.release_line = [this](double minutes) { return wishes_->release_line(minutes, "D-Bus"); };
    written.exclude_pack = [this](std::size_t pack, bool excluded) {
      return wishes_->exclude_pack(pack, excluded, "D-Bus");
    };
  }
  written.clear_history = [this](int group) { wishes_->clear_history(group); };
  written.acknowledge_alerts = [this] { wishes_->acknowledge_alerts(); };
  service_.emplace(bus_, *items_, std::move(written));
  show(battery, limits);
  if (!service_->register_name()) {
    spdlog::error("{} is on the bus already; is another driver running on this port?", service_->name());
    on_lost_();
    return false;
  }
  spdlog::info("on the bus as {}, instance {}", service_->name(), facts_.device_instance);
  return true;
}

void BusFace::publish(const Battery& battery, const Limits& limits) {
  if (service_) show(battery, limits);
}

void BusFace::show(const Battery& battery, const Limits& limits) {
  service_->publish(battery, limits);
  if (when_shown_) when_shown_(*items_, battery.read_at);
}

}  // namespace bms::venus
