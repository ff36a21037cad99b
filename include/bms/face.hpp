// A face of a battery: makes it visible somewhere, on D-Bus, on paper or at a broker, and brings back what people want
// of it. A battery knows its faces by this alone: one may be absent, late, or lost and back without the battery
// noticing.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bms/bank_view.hpp"
#include "bms/battery.hpp"
#include "bms/command.hpp"
#include "bms/external.hpp"
#include "bms/limits.hpp"
#include "bms/link_quality.hpp"
#include "bms/user_settings.hpp"

namespace bms {

/// What the BMS can be told.
struct BmsOrders {
  bool charge = false, discharge = false;  ///< to switch its FETs
  bool balancer = false;                   ///< to balance or not
  bool soc = false;                        ///< what its state of charge is

  [[nodiscard]] bool any() const { return charge || discharge || balancer || soc; }
};

/// What a face shows of a battery besides its values; fixed once the board has identified itself.
struct Introduction {
  std::string place{};             ///< base name of the port, "ttyUSB0"; with an address where several share the line
  std::string connection{};        ///< where the board is attached, for people: "/dev/ttyUSB0"
  std::string product_name{};      ///< what the configuration calls it; empty: family and serial number
  bool model_is_hardware = false;  ///< the model that the board reports is the version of its hardware
  bool may_be_changed = true;      ///< the configuration permits that people change its settings
  bool bms_takes_soc = true;       ///< its family has a command that sets the SoC
  BmsOrders orders{};              ///< that its family has and the configuration permits people to give

  /// What is wrong with the configuration, one text each: "config.ini:12: ...".
  std::vector<std::string> configuration_faults{};

  /// Seconds since the newest reading that was believed; empty: nobody knows.
  std::function<double()> reading_age_s{};

  /// How well its line holds, where that comes and goes by itself; empty: it has a cable.
  std::function<LinkQuality()> link_quality{};

  /// What a bank calls this battery, being one of its packs: it gives its limits to the bank, and is no BMS of its own.
  /// Empty: it is not in a bank.
  std::string member_as{};
  std::function<std::optional<double>()> resistance_ohm{};  ///< of such a pack

  /// The packs, where it is a bank itself; outlives the faces.
  const BankView* bank = nullptr;
};

/// One of the switches, and how it is to be.
using BmsSwitch = std::variant<SetFet, SetBalancer>;

/// What people and programs want of a battery. Faces bring it here; it is untrusted until it has been checked.
class Wishes {
 public:
  virtual ~Wishes() = default;

  /// Settings of the owner, all of them, each within its bounds: to be in force from now on, and shown by every face.
  virtual void change_settings(const UserSettings& user) = 0;

  /// Somebody says what the SoC is, 0..100; `by`: where from, for the log ("D-Bus"). False: it cannot be set. Where the
  /// BMS has to be told, Battery::last_order says later what became of it.
  [[nodiscard]] virtual bool set_soc(double soc_pct, std::string_view by) = 0;

  /// The BMS is to switch something; `by` as above. False: it cannot, or nobody is permitted to. Battery::last_order
  /// says later what became of it.
  [[nodiscard]] virtual bool switch_over(const BmsSwitch& command, std::string_view by) = 0;

  /// Others are to have the line for so many minutes, a phone with the app of the board for example; 0: no longer. `by`
  /// as above. False: it is no line that can be given free.
  [[nodiscard]] virtual bool release_line(double /*minutes*/, std::string_view /*by*/) { return false; }

  /// A pack of a bank, from 0, is taken out of it for service, or put back; `by` as above. False: there is no such
  /// pack.
  [[nodiscard]] virtual bool exclude_pack(std::size_t /*pack*/, bool /*excluded*/, std::string_view /*by*/) {
    return false;
  }

  /// Forget a group of the history, 1..7.
  virtual void clear_history(int group) = 0;

  /// Somebody has seen what happened to the cells.
  virtual void acknowledge_alerts() = 0;

  /// A face that was not ready, or was lost, can be entered from now on.
  virtual void face_is_ready() = 0;
};

class Face {
 public:
  Face() = default;
  Face(const Face&) = delete;
  Face& operator=(const Face&) = delete;
  virtual ~Face() = default;

  /// Takes `battery_id` for this battery, so that no other one is known by it where this face is seen. False: another
  /// one has it.
  [[nodiscard]] virtual bool claim(const std::string& /*battery_id*/) { return true; }

  /// Learns who the battery is, and what is configured; once, before everything else. `wishes` outlives the face.
  virtual void meet(const std::string& battery_id, const Introduction& who, const UserBounds& bounds,
                    Wishes& wishes) = 0;

  /// What is configured has become another one, being a multiple of the capacity. Nothing happens when it has not.
  virtual void set_bounds(const UserBounds& bounds) = 0;

  /// The owner's settings are these now, whichever face they came by.
  virtual void show_settings(const UserSettings& user) = 0;

  /// Makes the battery visible, if it is not yet and can be by now; to be called with a reading that is true. Returns
  /// whether that happened now.
  virtual bool enter(const Battery& battery, const Limits& limits) = 0;

  /// Shows what is known now. Nothing happens while the battery is not visible.
  virtual void publish(const Battery& battery, const Limits& limits) = 0;

  /// Follows another battery where this face looks: by the end of its name. Empty: follows none.
  virtual void follow(const std::string& /*other*/) {}

  /// What others say where this face looks.
  [[nodiscard]] virtual External external() const { return {}; }
};

}  // namespace bms
