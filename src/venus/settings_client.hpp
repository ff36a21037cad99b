// Talks to localsettings (com.victronenergy.settings): the battery's VRM instance and its custom name.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "venus/bus_connection.hpp"
#include "venus/device_id.hpp"

namespace bms::venus {

/// The instance in the value of ClassAndVrmInstance, "battery:7". Empty: no battery's, or no number from 0 on.
[[nodiscard]] std::optional<int> battery_instance(std::string_view class_and_instance);

/// The two settings of a battery. Every call is asynchronous; a missing or restarting localsettings is waited for.
class SettingsClient {
 public:
  struct Callbacks {
    /// Once, when instance and custom name are known for the first time.
    std::function<void(int device_instance, std::string custom_name)> on_instance;
    /// Whenever the custom name in the settings became another one afterwards.
    std::function<void(std::string custom_name)> on_custom_name;
  };

  /// Starts at once. `device_id` is one of settings_id(), claimed before. `bus` must outlive the client. Throws
  /// sdbus::Error when the bus refuses the subscriptions (the only two calls that wait, and they wait for the bus
  /// alone).
  SettingsClient(BusConnection& bus, std::string device_id, Callbacks callbacks);
  SettingsClient(const SettingsClient&) = delete;
  SettingsClient& operator=(const SettingsClient&) = delete;
  ~SettingsClient() = default;

  /// Stores the user's name for the battery; tried again until localsettings has taken it.
  void set_custom_name(const std::string& name);

 private:
  using Attributes = std::map<std::string, sdbus::Variant>;

  void subscribe();
  void ask();
  void take_answer(const sdbus::Error* error, const std::vector<Attributes>& answers);
  void take_owner(sdbus::Message& signal);
  void take_change(sdbus::Message& signal);
  void take_instance(const std::string& value);
  void take_custom_name(const std::string& name);
  void announce_first();
  void write_custom_name();
  void take_write_result(const sdbus::Error* error, std::int32_t result, const std::string& written);
  void try_again_after(const sdbus::Error& error);

  BusConnection& bus_;
  std::string path_;  ///< "/Settings/Devices/<id>"
  Callbacks callbacks_;
  std::unique_ptr<sdbus::IProxy> root_;
  std::unique_ptr<sdbus::IProxy> custom_name_item_;
  sdbus::Slot owner_match_;
  sdbus::Slot change_match_;
  sdbus::PendingAsyncCall question_;
  boost::asio::steady_timer retry_;
  std::optional<int> instance_;
  std::optional<std::string> custom_name_;
  std::optional<std::string> unwritten_name_;
  bool announced_ = false;
};

}  // namespace bms::venus
