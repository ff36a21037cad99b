// Keeps values in localsettings (com.victronenergy.settings), below /Settings/Devices/<id>.
#pragma once

#include <systemd/sd-bus.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/paced.hpp"
#include "bms/timer.hpp"
#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"
#include "items/item_tree.hpp"
#include "items/value.hpp"

namespace bms::venus {

/// One setting of a device.
struct DeviceSetting {
  std::string_view name;  ///< "CustomName"; must outlive the client
  items::Value initial;   ///< kept where nothing is stored; never invalid; its type is the setting's for life
  std::optional<items::Range> range{};  ///< of a number, for whoever changes it directly
};

/// The settings of one device. Every call is asynchronous; a missing, frozen or restarting localsettings is waited for.
class SettingsClient {
 public:
  static constexpr std::string_view service = "com.victronenergy.settings";

  struct Callbacks {
    std::function<void()> on_known;                        ///< once, when all values are known for the first time
    std::function<void(std::size_t setting)> on_change{};  ///< afterwards: this one was changed by somebody else
  };

  /// Starts at once. `device_id` is claimed before. `bus` must outlive the client. Throws
  /// sdbus::Error.
  SettingsClient(bus::BusConnection& bus, const std::string& device_id, std::vector<DeviceSetting> settings,
                 Callbacks callbacks);
  SettingsClient(const SettingsClient&) = delete;
  SettingsClient& operator=(const SettingsClient&) = delete;
  ~SettingsClient() = default;

  /// The value of a setting, by its place in `settings`; `initial` before it is known.
  [[nodiscard]] const items::Value& operator[](std::size_t setting) const { return slots_[setting].value; }

  /// Whether localsettings keeps it. It does not when it has a setting of another type there.
  [[nodiscard]] bool keeps(std::size_t setting) const { return !slots_[setting].refused; }

  /// Stores a value of the setting's type; tried again until localsettings has taken or refused it. While it is busy
  /// with the last one, or has had many, only the newest waits.
  void store(std::size_t setting, const items::Value& value);

  /// Stores a value in the place of which localsettings may take another one, as it does with an instance that another
  /// device has. `on_known` is called again when it is known which; not before it has answered.
  void store_and_read(std::size_t setting, const items::Value& value);

 private:
  struct Slot {
    DeviceSetting setting;
    items::Value value;
    bool unwritten = false;  ///< `value` is newer than what localsettings has
    bool refused = false;    ///< localsettings does not have it
    bool under_way = false;  ///< a write of it has not been answered
    bus::Pending write{};
  };

  void subscribe_to_changes();
  void take_owner(const std::string& owner);
  void ask();
  void append_wishes(bus::MessageWriter& arguments) const;
  void take_answers(sd_bus_message* reply);
  void take_answer(std::size_t setting, const std::optional<items::Value>& value);
  void take_change(sd_bus_message* signal);
  void take_value(std::size_t setting, const items::Value& value);
  void write();
  void take_write_result(std::size_t setting, const items::Value& written, sd_bus_message* reply);
  void try_again(const std::string& why);
  void try_again_after(sd_bus_message* reply);

  bus::BusConnection& bus_;
  std::string path_;  ///< "/Settings/Devices/<id>/"
  std::vector<Slot> slots_;
  Callbacks callbacks_;
  std::string owner_;  ///< the unique name of localsettings, once it is known
  bus::Pending owner_watch_, change_watch_, question_;
  Timer retry_;
  Paced writing_;
  bool known_ = false;
  bool read_wanted_ = false;  ///< on_known is to be called with the next answer
};

}  // namespace bms::venus
