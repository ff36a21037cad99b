// Keeps values in localsettings (com.victronenergy.settings), below /Settings/Devices/<id>.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "venus/bus_connection.hpp"
#include "venus/item_tree.hpp"
#include "venus/value.hpp"

namespace bms::venus {

/// One setting of a device.
struct DeviceSetting {
  std::string_view name;         ///< "CustomName"; must outlive the client
  Value initial;                 ///< kept where nothing is stored; never invalid; its type is the setting's for life
  std::optional<Range> range{};  ///< of a number, for whoever changes it directly
  bool required = false;         ///< the client waits for it; others keep `initial` when localsettings refuses them
};

/// The settings of one device. Every call is asynchronous; a missing or restarting localsettings is waited for.
class SettingsClient {
 public:
  struct Callbacks {
    std::function<void()> on_known;                        ///< once, when all values are known for the first time
    std::function<void(std::size_t setting)> on_change{};  ///< afterwards: this one was changed by somebody else
  };

  /// Starts at once. `device_id` is one of settings_id(), claimed before. `bus` must outlive the client. Throws
  /// sdbus::Error when the bus refuses the subscriptions (the only two calls that wait, and they wait for the bus
  /// alone).
  SettingsClient(BusConnection& bus, const std::string& device_id, std::vector<DeviceSetting> settings,
                 Callbacks callbacks);
  SettingsClient(const SettingsClient&) = delete;
  SettingsClient& operator=(const SettingsClient&) = delete;
  ~SettingsClient() = default;

  /// The value of a setting, by its place in `settings`; `initial` before it is known.
  [[nodiscard]] const Value& operator[](std::size_t setting) const { return slots_[setting].value; }

  /// Stores a value of the setting's type; tried again until localsettings has taken or refused it.
  void store(std::size_t setting, const Value& value);

 private:
  using Attributes = std::map<std::string, sdbus::Variant>;

  struct Slot {
    DeviceSetting setting;
    Value value;
    bool unwritten = false;  ///< `value` is newer than what localsettings has
    bool refused = false;    ///< localsettings does not have it
    std::unique_ptr<sdbus::IProxy> proxy{};
  };

  void subscribe();
  void ask();
  [[nodiscard]] Attributes described(const DeviceSetting& setting) const;
  void take_answers(const sdbus::Error* error, const std::vector<Attributes>& answers);
  [[nodiscard]] bool take_answer(std::size_t setting, const Attributes& answer);
  void take_owner(sdbus::Message& signal);
  void take_change(sdbus::Message& signal);
  void take_value(std::size_t setting, const Value& value);
  void write(std::size_t setting);
  void take_write_result(std::size_t setting, const Value& written, const sdbus::Error* error, std::int32_t result);
  void try_again_after(const sdbus::Error& error);

  BusConnection& bus_;
  std::string path_;  ///< "/Settings/Devices/<id>/"
  std::vector<Slot> slots_;
  Callbacks callbacks_;
  std::unique_ptr<sdbus::IProxy> root_;
  sdbus::Slot owner_match_;
  sdbus::Slot change_match_;
  sdbus::PendingAsyncCall question_;
  boost::asio::steady_timer retry_;
  bool known_ = false;
};

}  // namespace bms::venus
