// What the bridge does, as a function of what it knows and of the time that has passed. No clock, no D-Bus.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/config.hpp"

namespace bms::bridge {

/// One battery, as far as it is known.
struct BatteryView {
  std::string name;                   ///< for people
  bool present = false;               ///< on the bus, and it has said what it has
  bool connected = false;             ///< /Connected is 1
  bool cable_alarm = false;           ///< it says itself that its BMS is lost
  std::optional<double> ccl_a{};      ///< empty: invalid, or no number
  std::optional<double> age_s{};      ///< of the newest sign that its values are true; empty: there was none
  std::optional<double> current_a{};  ///< positive while charging
};

/// Which of the charger's paths there are, and who else writes them.
struct ChargerView {
  std::string name;
  bool has_link = false;            ///< VE.Direct with /Link/NetworkMode and /Link/ChargeCurrent
  bool has_mode = false;            ///< /Mode
  bool contested = false;           ///< somebody else keeps overwriting what we write to /Link
  bool switched_off_by_us = false;  ///< as remembered
  int link_failures = 0;            ///< writes to /Link in a row that came to nothing
  int mode_failures = 0;            ///< likewise for /Mode
  std::optional<double> limit_a{};  ///< its own, /Settings/ChargeCurrentLimit
  std::optional<double> current_a{};
  std::optional<double> mode{};    ///< 1 on, 4 off
  std::optional<double> told_a{};  ///< what we told it by /Link; empty: nothing, or nothing that still counts
};

/// What systemcalc does.
struct SystemView {
  bool present = false;
  bool known = false;                  ///< it has reported all of the following
  bool dvcc = false;                   ///< /Control/Dvcc
  bool writes_charge_current = false;  ///< /Control/SolarChargeCurrent
  bool has_begun = true;               ///< it has been there long enough to write if it wants to
  bool has_pv_disable = false;         ///< /Pv/Disable

  /// Whether the paths below /Link are somebody else's. While nobody knows they are.
  [[nodiscard]] bool writes_link() const { return present && (!known || dvcc || writes_charge_current); }
};

/// Everything that is known at one moment.
struct World {
  std::vector<BatteryView> batteries{};  ///< those that count; configured ones are in it whether they are there or not
  std::vector<ChargerView> chargers{};
  SystemView system{};
};

/// Whether charging may go on.
struct Verdict {
  bool allow = false;
  bool gone = false;     ///< a battery that counts has left the bus, or has never been there
  bool unheard = false;  ///< those that do not allow it have not been heard yet, so that nothing is known
  std::string reason;    ///< in words

  bool operator==(const Verdict&) const = default;
};

/// By which means a charger is controlled at the moment.
enum class Way : std::uint8_t {
  none,        ///< nothing that we may or can do
  link,        ///< /Link/NetworkMode and /Link/ChargeCurrent
  mode,        ///< /Mode
  supervised,  ///< somebody else controls it; we look
  pv_disable,  ///< systemcalc was asked to stop PV
};

[[nodiscard]] std::string_view name_of(Way way);

/// What one charger is to be told. Empty: nothing.
struct ChargerOrder {
  Way way = Way::none;
  std::optional<double> charge_current_a{};  ///< after /Link/NetworkMode 9; to be repeated with every cycle
  bool undecided = false;                    ///< whether /Link is ours; what it was told still counts, but is not said
  std::optional<int> mode{};                 ///< to be written once
  bool forget_switch_off = false;            ///< it is on again: nothing of ours is left
  std::string problem{};                     ///< why it cannot be stopped; an alarm

  bool operator==(const ChargerOrder&) const = default;
};

struct Orders {
  Verdict verdict;                     ///< after the waiting times
  std::vector<ChargerOrder> chargers;  ///< in the order of World::chargers
  std::optional<bool> pv_disable{};    ///< true: to be repeated with every cycle; false: once

  bool operator==(const Orders&) const = default;
};

/// The present moment alone: every battery is there, connected, fresh and has CCL > 0. Unknown is no.
[[nodiscard]] Verdict judge(std::span<const BatteryView> batteries, const Config& config);

/// The value of /Link/NetworkMode: networked, and a BMS is there. The charger keeps its own charge algorithm, and
/// stops with error 67 when it hears nothing for a minute.
inline constexpr int network_mode_with_bms = 9;

inline constexpr int mode_on = 1;
inline constexpr int mode_off = 4;

/// Failures in a row that raise an alarm.
inline constexpr int failures_for_alarm = 3;

/// Remembers how long things have lasted.
class Decision {
 public:
  explicit Decision(const Config& config) : config_{config} {}

  /// `dt_s`: since the last call, not negative.
  [[nodiscard]] Orders decide(const World& world, double dt_s);

 private:
  /// /Mode was written.
  struct Switch {
    int to = mode_off;
    double ago_s = 0;
    bool seen = false;  ///< it was there afterwards
  };

  /// What lasts of one charger.
  struct Charger {
    double charging_s = 0;                ///< for how long it has charged although it must not
    std::optional<double> told_zero_s{};  ///< for how long it has been told 0 A because a battery is gone
    std::optional<Switch> switched{};     ///< the last time
  };

  [[nodiscard]] Verdict wait(Verdict now, double dt_s);
  void pass_time(const World& world, double dt_s);
  void watch(const World& world, const Verdict& verdict, double dt_s);
  [[nodiscard]] std::optional<bool> pv_disable(const World& world, const Verdict& verdict, double dt_s);
  [[nodiscard]] ChargerOrder order(const World& world, const Verdict& verdict, const ChargerView& view);
  [[nodiscard]] ChargerOrder classic_order(const Verdict& verdict, const ChargerView& view) const;
  void stop(ChargerOrder& order, const ChargerView& view, Charger& charger, bool abandoned) const;
  void use_link(ChargerOrder& order, const World& world, const Verdict& verdict, const ChargerView& view,
                Charger& charger) const;
  void use_mode(ChargerOrder& order, const ChargerView& view, Charger& charger) const;
  void switch_on_again(ChargerOrder& order, const ChargerView& view, Charger& charger) const;
  static void switch_to(int mode, ChargerOrder& order, Charger& charger);
  [[nodiscard]] bool rested(const ChargerView& view, const Charger& charger) const;
  [[nodiscard]] bool helpless(const Charger& charger) const;

  Config config_;
  std::map<std::string, Charger, std::less<>> chargers_;
  std::optional<double> good_s_;  ///< for how long everything has been well; empty: it is not
  bool denied_before_ = false;    ///< a battery has said no, so that permission has to wait
  bool allowed_ = false;
  std::optional<double> pv_disabled_s_;  ///< for how long PV has been disabled by us
};

}  // namespace bms::bridge
