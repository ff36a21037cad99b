// Keeps a WatchModel in step with one service on the bus, wherever that service comes from.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

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
  void call(const char* method);
  void read_later();
  void take_reply(sdbus::MethodReply& reply, bool items);
  void take_signal(sdbus::Message& signal);
  bool take_items(sdbus::Message& message);
  bool take_leaf(sdbus::Message& message, const std::string& path);
  void take_tree(sdbus::Message& message);

  bus::BusConnection& bus_;
  std::string service_;
  std::function<void()> on_change_;
  boost::asio::steady_timer retry_;
  std::unique_ptr<sdbus::IProxy> root_;
  sdbus::Slot signals_;
  WatchModel model_;
  unsigned generation_ = 0;  // of the service's owner: replies of an earlier one no longer count
  bool complete_ = false;
};

}  // namespace bms::cli
