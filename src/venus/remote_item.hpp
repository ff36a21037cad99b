// One number of another service on the bus, followed wherever that service comes from.
#pragma once

#include <systemd/sd-bus.h>

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "venus/bus_connection.hpp"

namespace bms::venus {

/// Knows the present value of one path. Reads it when the service appears, then follows ItemsChanged and
/// PropertiesChanged. Never waits: every call is asynchronous, and a service that does not answer has no value. What
/// the other says is not trusted: text, lists, NaN and infinity are no value.
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
  [[nodiscard]] const std::string& found_service() const { return name_; }

 private:
  struct SlotCloser {
    void operator()(sd_bus_slot* slot) const { sd_bus_slot_unref(slot); }
  };
  using Slot = std::unique_ptr<sd_bus_slot, SlotCloser>;
  using Handler = void (RemoteItem::*)(sd_bus_message* message);

  template <Handler Handle>
  static int dispatch(sd_bus_message* message, void* self, sd_bus_error* error);
  template <Handler Handle>
  [[nodiscard]] Slot subscribe(const std::string& rule);
  template <Handler Handle>
  [[nodiscard]] Slot call(const char* service, const char* path, const char* interface, const char* method,
                          const char* argument);

  void look_for_service();
  void ask();
  [[nodiscard]] bool fits(std::string_view name) const;
  void take_names(sd_bus_message* reply);
  void take_owner_change(sd_bus_message* signal);
  void take_owner(sd_bus_message* reply);
  void take_answer(sd_bus_message* reply);
  void take_items(sd_bus_message* signal);
  void take_properties(sd_bus_message* signal);
  void found(const std::string& name, const std::string& owner);
  void left();
  void set(std::optional<double> value);

  BusConnection& bus_;
  std::string service_;
  std::string path_;
  std::function<void()> on_change_;
  boost::asio::steady_timer retry_;
  std::string candidate_;  ///< a name whose owner is asked for
  std::string name_;       ///< of the service that was found
  std::string owner_;      ///< its unique name; empty: not on the bus
  std::optional<double> value_;
  Slot owners_match_, items_match_, properties_match_;
  Slot names_call_, owner_call_, value_call_;
};

}  // namespace bms::venus
