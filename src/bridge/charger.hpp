// One solar charger on the bus: what it says, what it is told, and what became of that.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/decision.hpp"
#include "bridge/switched_off.hpp"
#include "bus/bus_connection.hpp"
#include "bus/confirmed_write.hpp"
#include "bus/followed_service.hpp"

namespace bms::bridge {

/// Why chargers are told something.
enum class Round : std::uint8_t {
  news,       ///< what is new
  refresh,    ///< everything, as chargers forget what they do not hear again
  roll_call,  ///< the same, and every charger has to answer
};

class Charger {
 public:
  static constexpr std::string_view service_class = "com.victronenergy.solarcharger.";

  /// More than any system has. Each costs ten of the 1024 rules that a program may have on the bus of Venus OS.
  static constexpr std::size_t most = 48;

  /// `owner`: its unique name. With `dry_run` it is told nothing, and the log says what it would be. The others must
  /// outlive the object. `on_news`: something was heard that may matter.
  Charger(bus::BusConnection& bus, const std::string& name, const std::string& owner, SwitchedOff& switched_off,
          bool dry_run, std::function<void()> on_news);
  Charger(const Charger&) = delete;
  Charger& operator=(const Charger&) = delete;

  /// Whether it has said what it has; before that there is nothing to decide.
  [[nodiscard]] bool answered() const { return service_.answered(); }

  [[nodiscard]] ChargerView view() const;

  /// Carries out an order, as far as this is the round for it.
  void obey(const ChargerOrder& order, Round round);

  /// Logs what it was told. Apart from obey(), so that a log that hangs keeps no charger from hearing.
  void report();

  /// The last words before the bridge ends: 0 A where it was told anything by /Link.
  void part();

  /// Whether anything is under way.
  [[nodiscard]] bool busy() const;

  /// What became of the last order, for people.
  [[nodiscard]] const std::string& result() const { return result_; }
  [[nodiscard]] std::optional<double> told_a() const { return charge_current_.written(); }
  [[nodiscard]] const std::string& name() const { return service_.name(); }
  [[nodiscard]] std::string short_name() const { return service_.name().substr(service_class.size()); }

 private:
  void take_news();
  void look_for_others();
  void limit(double current_a, Round round);
  void switch_to(int wanted);
  void withdraw();
  void take_outcome(std::string_view what, const bus::ConfirmedWrite& write, const std::string& problem);
  [[nodiscard]] std::string key() const;
  [[nodiscard]] bool is_contested() const;

  bus::FollowedService service_;
  SwitchedOff& switched_off_;
  bool dry_run_;
  std::function<void()> on_news_;
  bus::ConfirmedWrite network_mode_, charge_current_, mode_;
  std::string result_ = "nothing was written";
  std::optional<double> confirmed_a_;  ///< the limit that `result_` says is in force
  std::vector<std::string> unlogged_;  ///< what it was told
  std::string logged_;                 ///< the last problem in the log
  bool introduced_ = false;
  bool seen_ours_ = false;  ///< after the last write, what we wrote has been there
  std::deque<std::chrono::steady_clock::time_point> overwritten_;
  std::optional<std::chrono::steady_clock::time_point> contested_until_;
  std::optional<double> would_be_, would_be_mode_;  ///< what a dry run has announced
};

}  // namespace bms::bridge
