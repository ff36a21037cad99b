// Keeps a WatchModel in step with one service on the bus, wherever that service comes from.
#pragma once

#include <systemd/sd-bus.h>

#include <functional>
#include <string>
#include <string_view>

#include "bms/timer.hpp"
#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"
#include "cli/watch/model.hpp"

namespace bms::cli {

/// Reads everything with GetItems on / (services without it: GetValue on /), then follows ItemsChanged and
/// PropertiesChanged. What a service sends is untrusted: what cannot be read is left out.
class WatchFeed {
 public:
  /// Subscribes to `service` and starts to read it. `on_change` is called whenever the model has changed, for the
  /// first time when everything has been read. Throws sdbus::Error.
  WatchFeed(boost::asio::io_context& io, bus::BusConnection& bus, std::string service, std::function<void()> on_change);

  [[nodiscard]] const std::string& service() const { return service_; }
  [[nodiscard]] const WatchModel& model() const { return model_; }
  /// Whether the model is complete: everything was read since the service appeared.
  [[nodiscard]] bool complete() const { return complete_; }

  /// The service has left: forgets what it said.
  void left();
  /// The service has (again) an owner: reads everything anew.
  void appeared();

 private:
  void read();
  void read_later();
  void take_reading(bool understood);
  bool take_items(sd_bus_message* message);
  void take_value(std::string_view path, const items::Incoming& value);
  void tell_of_changes();

  bus::BusConnection& bus_;
  std::string service_;
  std::function<void()> on_change_;
  Timer retry_;
  bus::Pending items_changed_, properties_changed_, reading_;
  WatchModel model_;
  bool complete_ = false;
  bool changed_ = false;  ///< by the message that is being read
};

}  // namespace bms::cli
