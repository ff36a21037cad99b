// The packs of a bank on the bus: which services they are, whether they live, and what they say.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bank/cell_monitors.hpp"
#include "bank/member.hpp"
#include "bus/bus_connection.hpp"
#include "bus/confirmed_write.hpp"
#include "bus/followed_service.hpp"
#include "bus/name_watch.hpp"
#include "config/bank.hpp"
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

  /// `own_name`: the service of the bank itself. `heartbeats`: where drivers have theirs. `bus` outlives the object.
  BankPacks(bus::BusConnection& bus, const config::Bank& bank, std::string own_name, std::string heartbeats);
  BankPacks(const BankPacks&) = delete;
  BankPacks& operator=(const BankPacks&) = delete;

  /// The packs now, in the order of the configuration. Says in the log, once for each service, what it is.
  [[nodiscard]] std::vector<bank::Member> members(Clock::time_point now);

  /// Who the packs are that members() has found last.
  [[nodiscard]] const std::vector<PackIdentity>& identities() const { return identities_; }

  /// What their cell monitors said then. Empty: of packs that are not on the bus, and of those of other drivers.
  [[nodiscard]] const std::vector<bank::PackMonitor>& monitors() const { return monitors_; }

  /// Tells a pack of ours that somebody has seen what happened to its cells, unless there is nothing that nobody has.
  void acknowledge_alerts(std::size_t pack);

 private:
  /// A battery service.
  struct Service {
    std::string name, owner;
    std::unique_ptr<bus::FollowedService> identity{};  ///< until it is known to be a pack of the bank
    bool news = false;                                 ///< of that
    std::string member_as{};
    PackIdentity who{};

    std::unique_ptr<bus::FollowedService> values{};  ///< where it is a pack of the bank
    std::unique_ptr<files::HeartbeatWatch> heartbeat{};
    std::optional<Clock::time_point> changed_at{};  ///< one of its values
    std::optional<Clock::time_point> true_at{};
    std::optional<double> counter{};
    std::uint32_t signs = 0;
    std::unique_ptr<bus::ConfirmedWrite> acknowledgement{};  ///< of what happened to its cells, once there was one
  };

  void take_owner(const std::string& name, const std::string& owner);
  void learn_identity(Service& service);
  void follow(Service& service, const std::string& member);
  [[nodiscard]] std::string member_of(const Service& service) const;
  void look_for_life(Service& service, Clock::time_point now) const;
  [[nodiscard]] std::size_t place_of(const Service& service) const;
  [[nodiscard]] bank::Member view_of(Service& service, Clock::time_point now) const;

  bus::BusConnection& bus_;
  const config::Bank& bank_;
  std::string own_name_, heartbeats_;
  std::map<std::string, Service> services_;  ///< by name
  std::vector<PackIdentity> identities_;     ///< of each member
  std::vector<bank::PackMonitor> monitors_;  ///< of each member
  bus::NameWatch names_;
};

}  // namespace bms::driver
