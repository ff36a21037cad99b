// One number of another service on the bus, followed wherever that service comes from.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"
#include "bus/followed_service.hpp"

namespace bms::bus {

/// Knows the present value of one path. Reads it when the service appears, then follows ItemsChanged and
/// PropertiesChanged. Never waits: every call is asynchronous, and a service that does not answer has no value. What
/// the other says is not trusted: text, lists, NaN and infinity count as no value.
class RemoteItem {
 public:
  /// `service` is a full name, or the end of a battery's ("ttyS5"); of several that fit, the first to be seen is taken,
  /// never this program itself. `path` is an object path, "/Soc". `on_change` is called from the event loop whenever
  /// value() has become another one. `bus` must outlive the item. Throws sdbus::Error for names that
  /// D-Bus does not allow.
  RemoteItem(BusConnection& bus, std::string service, std::string path, std::function<void()> on_change);
  RemoteItem(const RemoteItem&) = delete;
  RemoteItem& operator=(const RemoteItem&) = delete;
  ~RemoteItem() = default;

  /// The number; empty while there is none.
  [[nodiscard]] std::optional<double> value() const { return value_; }

  /// The service's full name while it is on the bus, else empty.
  [[nodiscard]] std::string found_service() const { return followed_ ? followed_->name() : std::string{}; }

 private:
  void look_for_service();
  [[nodiscard]] bool fits(std::string_view name) const;
  void take_names(const std::vector<std::string>& names);
  void take_change(const std::string& name, const std::string& owner);
  void found(const std::string& name, const std::string& owner);
  void take_value(std::optional<double> value);

  BusConnection& bus_;
  std::string service_;
  std::string path_;
  std::array<std::string_view, 1> paths_{path_};
  std::function<void()> on_change_;
  std::optional<double> value_;
  Pending owners_, listing_, question_;
  std::optional<FollowedService> followed_;  ///< empty: it is not on the bus
};

}  // namespace bms::bus
