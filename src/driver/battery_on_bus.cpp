#include "driver/battery_on_bus.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "battery/facts.hpp"
#include "files/footprint.hpp"
#include "venus/device_id.hpp"

namespace bms::driver {

using namespace std::chrono_literals;

namespace {

constexpr auto settings_patience = 30s;
constexpr double most_current_a = 10'000;  // what a shunt says beyond this is no measurement

std::optional<double> value_of(const std::optional<bus::RemoteItem>& item) {
  return item ? item->value() : std::nullopt;
}

}  // namespace

BatteryOnBus::BatteryOnBus(boost::asio::io_context& loop, Handlers handlers)
    : handlers_(std::move(handlers)), settings_timer_(loop), bus_(loop) {
  bus_.on_lost([this](const std::string& why) {
    spdlog::error("lost the bus: {}", why);
    handlers_.finish(ExitCode::lost);
  });
  bus_.on_calm(give_back_startup_memory);
}

std::optional<std::string> BatteryOnBus::claim(const std::vector<std::string>& device_ids) {
  for (const std::string& id : device_ids) {
    if (venus::claim_device(bus_, id)) return id;
    spdlog::warn("another battery is known as {} already", id);
  }
  return std::nullopt;
}

void BatteryOnBus::meet_settings(const std::string& device_id, items::ServiceFacts facts, const UserBounds& bounds) {
  facts_ = std::move(facts);
  bounds_ = bounds;
  settings_timer_.expires_after(settings_patience);
  settings_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    spdlog::warn("no answer from com.victronenergy.settings for {} s; the battery comes to the bus when there is one",
                 settings_patience.count());
  });
  const auto take_name = [this](const std::string& name) {
    if (service_) service_->set_custom_name(name);
  };
  const auto take_user = [this](const UserSettings& user) {
    if (service_) service_->set_user_settings(user);
    handlers_.user_settings(user);
  };
  settings_.emplace(bus_, device_id, bounds,
                    venus::BatterySettings::Callbacks{
                        .on_known = [this](const auto& known) { take_settings(known); },
                        .on_custom_name = take_name,
                        .on_user_settings = take_user,
                    });
  // The ESS's own minimum SoC is where discharging ends, if there is an ESS.
  floor_soc_.emplace(bus_, "com.victronenergy.system", "/Control/ActiveSocLimit", [] {});
}

void BatteryOnBus::set_bounds(const UserBounds& bounds) {
  if (!settings_ || bounds == bounds_) return;
  bounds_ = bounds;
  const auto user = settings_->set_bounds(bounds);
  if (service_) service_->set_bounds(bounds);
  if (!user) return;
  user_ = *user;
  if (service_) service_->set_user_settings(*user);
  handlers_.user_settings(*user);
}

void BatteryOnBus::take_settings(const venus::BatterySettings::Known& known) {
  settings_timer_.cancel();
  facts_.device_instance = known.device_instance;
  facts_.custom_name = known.custom_name;
  user_ = known.user;
  handlers_.user_settings(known.user);
  handlers_.ready();
}

void BatteryOnBus::follow(const std::string& service) {
  if (service.empty()) return;
  external_current_.emplace(bus_, service, "/Dc/0/Current", [] {});
  external_soc_.emplace(bus_, service, "/Soc", [] {});
}

battery::External BatteryOnBus::external() const {
  return {.current_a = battery::sane(value_of(external_current_), -most_current_a, most_current_a),
          .soc_pct = value_of(external_soc_),
          .floor_soc_pct = value_of(floor_soc_)};
}

bool BatteryOnBus::enter(const Battery& battery, const Limits& limits) {
  if (service_ || !user_) return false;
  items_.emplace(facts_, battery, bounds_);
  items_->set_user_settings(*user_);
  items::WriteHandlers written;
  written.custom_name = [this](const std::string& name) { settings_->set_custom_name(name); };
  written.user_settings = [this](const UserSettings& user) {
    settings_->set_user_settings(user);
    handlers_.user_settings(user);
  };
  written.soc = handlers_.soc;
  written.clear_history = handlers_.clear_history;
  service_.emplace(bus_, *items_, std::move(written));
  service_->publish(battery, limits);
  if (!service_->register_name()) {
    spdlog::error("{} is on the bus already; is another driver running on this port?", service_->name());
    handlers_.finish(ExitCode::lost);
    return false;
  }
  spdlog::info("on the bus as {}, instance {}", service_->name(), facts_.device_instance);
  return true;
}

void BatteryOnBus::publish(const Battery& battery, const Limits& limits) {
  if (service_) service_->publish(battery, limits);
}

}  // namespace bms::driver
