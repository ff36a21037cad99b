// The face of a battery on the D-Bus of Venus: its service, its settings in localsettings, and what it hears of other
// services.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bms/face.hpp"
#include "bms/timer.hpp"
#include "bus/bus_connection.hpp"
#include "bus/remote_item.hpp"
#include "venus/battery_service.hpp"
#include "venus/battery_settings.hpp"

namespace bms::venus {

class BusFace final : public Face {
 public:
  /// Connects. `on_lost` is called, once it is logged why, when the bus is gone or somebody else has the name of the
  /// service: this face cannot go on then. Throws sdbus::Error when there is no bus.
  BusFace(boost::asio::io_context& loop, std::function<void()> on_lost);

  [[nodiscard]] bool claim(const std::string& battery_id) override;

  /// Asks localsettings for what it keeps of the battery, and waits until it answers; ready when it has.
  void meet(const std::string& battery_id, const Introduction& who, const UserBounds& bounds, Wishes& wishes) override;

  void set_bounds(const UserBounds& bounds) override;
  void show_settings(const UserSettings& user) override;
  bool enter(const Battery& battery, const Limits& limits) override;
  void publish(const Battery& battery, const Limits& limits) override;

  /// The connection of the service, for whatever else it is to offer.
  [[nodiscard]] bus::BusConnection& bus() { return bus_; }

  /// `shown` hears whenever the items have been brought up to date, and once before the service can be found.
  void when_shown(std::function<void(const items::BatteryItems& items, TimePoint read_at)> shown) {
    when_shown_ = std::move(shown);
  }

  /// Keeps what uses that connection until this face goes.
  void keep(std::shared_ptr<void> user_of_bus) { users_of_bus_.push_back(std::move(user_of_bus)); }

  /// `other`: the name of another battery's service, or the end of one. Its current and its SoC are followed.
  void follow(const std::string& other) override;
  [[nodiscard]] External external() const override;

 private:
  void take_settings(const BatterySettings::Known& known);
  void show(const Battery& battery, const Limits& limits);

  std::function<void()> on_lost_;
  Timer settings_timer_;
  bus::BusConnection bus_;
  Wishes* wishes_ = nullptr;
  std::optional<BatterySettings> settings_;
  items::ServiceFacts facts_;
  UserBounds bounds_;
  std::optional<UserSettings> user_;  ///< empty: localsettings has not answered
  std::optional<items::BatteryItems> items_;
  std::optional<BatteryService> service_;
  std::optional<bus::RemoteItem> floor_soc_, external_current_, external_soc_;
  std::function<void(const items::BatteryItems& items, TimePoint read_at)> when_shown_;
  std::vector<std::shared_ptr<void>> users_of_bus_;
};

}  // namespace bms::venus
