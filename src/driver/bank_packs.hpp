// The battery services on the bus, and which of them are the packs of a bank.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bank/member.hpp"
#include "bus/bus_connection.hpp"
#include "driver/followed_pack.hpp"

namespace bms::driver {

/// Follows every battery service but those that are banks themselves.
class BankPacks {
 public:
  using Clock = FollowedPack::Clock;

  /// More than any system has.
  static constexpr std::size_t most = 32;

  /// `heartbeats`: the directory of those; `own`: services that are not to be followed. `bus` must outlive the object.
  BankPacks(bus::BusConnection& bus, std::string heartbeats, std::set<std::string> own);

  /// A service has another owner; empty: it has left.
  void take_owner(const std::string& name, const std::string& owner);

  /// The pack that is called so. nullptr: none has been heard, or several are.
  [[nodiscard]] FollowedPack* find(std::string_view member);

  /// What it says now; of none that it is not present, and of several that it is there twice.
  [[nodiscard]] bank::Member look(std::string_view member, Clock::time_point now);

 private:
  [[nodiscard]] std::vector<FollowedPack*> all_called(std::string_view member);

  bus::BusConnection& bus_;
  std::string heartbeats_;
  std::set<std::string> own_;
  std::map<std::string, std::unique_ptr<FollowedPack>> packs_;
  bool crowded_ = false;  ///< as the log has said
};

}  // namespace bms::driver
