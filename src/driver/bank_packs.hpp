// The packs of a bank on the bus: which services they are, whether they live, and what they say.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bank/cell_monitors.hpp"
#include "bank/member.hpp"
#include "bus/bus_connection.hpp"
#include "bus/confirmed_write.hpp"
#include "bus/followed_service.hpp"
#include "bus/name_watch.hpp"
#include "config/bank.hpp"
#include "driver/bank_paths.hpp"
#include "driver/pack_fit.hpp"
#include "driver/pack_sheet.hpp"
#include "files/heartbeat.hpp"

namespace bms::driver {

/// What a pack says of itself; empty: nothing.
struct PackIdentity {
  std::string serial{}, firmware{};
};

/// Looks at every battery service until it is known whether it is a pack of the bank, and follows those that are. A
/// pack of this program says so itself (/Member/Name); another one is known by the name of its service, the end of
/// that, or its serial number.
class BankPacks {
 public:
  using Clock = std::chrono::steady_clock;

  /// `own_name`: the service of the bank itself. `run_directory`: where drivers have their sheets and heartbeats.
  /// `bank` and `bus` outlive the object.
  BankPacks(bus::BusConnection& bus, const config::Bank& bank, std::string own_name, std::string run_directory);
  BankPacks(const BankPacks&) = delete;
  BankPacks& operator=(const BankPacks&) = delete;

  /// The packs now, in the order of the configuration, without those that are `excluded`: of these it is only known
  /// what they say. Says in the log, once for each service, what it is.
  [[nodiscard]] std::vector<bank::Member> members(Clock::time_point now, const std::set<std::string>& excluded);

  /// Who the packs are that members() has found last.
  [[nodiscard]] const std::vector<PackIdentity>& identities() const { return identities_; }

  /// What their cell monitors said then. Empty: of packs that are not on the bus, and of those of other drivers.
  [[nodiscard]] const std::vector<bank::PackMonitor>& monitors() const { return monitors_; }

  /// Tells a pack of ours that somebody has seen what happened to its cells, unless there is nothing that nobody has.
  void acknowledge_alerts(std::size_t pack);

  /// Whether this service is one of the packs.
  [[nodiscard]] bool is_pack(const std::string& service) const;

 private:
  /// A battery service.
  struct Service {
    std::string name, owner;
    bool fits_by_name = false;
    std::unique_ptr<bus::FollowedService> identity{};  ///< empty: others are looked at now, or its values say it
    bool news = false;                                 ///< of that, or of the values
    int turns = 0;                                     ///< how often it has been looked at
    Clock::time_point asked_at{};
    std::string member_as{};
    PackIdentity who{};
    std::optional<PackFit> fit{};  ///< which pack of the bank it is

    // Where it is a pack of the bank: its values are taken from its sheet, or else from its signals.
    bool ours = false;
    std::unique_ptr<PackSheetWatch> sheet{};
    std::unique_ptr<bus::FollowedService> values{};
    std::unique_ptr<files::HeartbeatWatch> heartbeat{};
    std::optional<Clock::time_point> changed_at{};  ///< one of its values
    std::optional<Clock::time_point> true_at{};
    std::optional<double> counter{};
    std::uint32_t signs = 0;
    std::unique_ptr<bus::ConfirmedWrite> acknowledgement{};  ///< of what happened to its cells, once there was one
    bool said_silent = false, said_passed_over = false;      ///< in the log
  };

  /// What is found of a pack in one moment.
  struct Found {
    std::vector<std::string> services{};  ///< the ends of their names
    std::string as{};                     ///< of these, the one that counts
  };

  void take_owner(const std::string& name, const std::string& owner);
  void look_at(Service& service);
  [[nodiscard]] bool is_idle(const Service& service, Clock::time_point now) const;
  void let_others_in(Clock::time_point now);
  [[nodiscard]] static std::optional<std::string_view> said_of(const Service& service, std::size_t which);
  void learn_identity(Service& service);
  void follow(Service& service);
  [[nodiscard]] std::unique_ptr<PackSheetWatch> sheet_of(const Service& service, const std::string& name) const;
  void follow_signals(Service& service);
  void leave(Service& service);
  void say_silence(Service& service, Clock::time_point now) const;
  [[nodiscard]] bool is_passed_over(Service& service) const;
  void look_for_life(Service& service, Clock::time_point now) const;
  [[nodiscard]] std::optional<Clock::time_point> sign_of_ours(Service& service, Clock::time_point now) const;
  [[nodiscard]] static PackNumbers numbers_of(const Service& service);
  [[nodiscard]] static PackTexts texts_of(const Service& service);
  [[nodiscard]] static bank::PackMonitor monitor_of_service(const Service& service);
  [[nodiscard]] bank::Member view_of(Service& service, Clock::time_point now) const;
  [[nodiscard]] std::string twins_of(std::size_t pack, const Found& found) const;
  void find_same_serials(std::vector<bank::Member>& all, const std::vector<Found>& found,
                         const std::set<std::string>& excluded, std::vector<std::string>& twins) const;
  void say_twins(std::vector<std::string> twins);

  bus::BusConnection& bus_;
  const config::Bank& bank_;
  std::string own_name_, run_directory_;
  std::map<std::string, Service> services_;  ///< by name
  std::vector<PackIdentity> identities_;     ///< of each member
  std::vector<bank::PackMonitor> monitors_;  ///< of each member
  std::vector<std::optional<Fit>> best_;     ///< of each member: how sure its service was, the best one
  std::vector<std::string> twins_;           ///< of each member: what the log says of two that are one
  bool said_many_ = false, said_too_many_ = false;
  bus::NameWatch names_;
};

}  // namespace bms::driver
