// The shunt of a bank: a battery service that measures the current of all packs together.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "bank/member.hpp"
#include "bms/timer.hpp"
#include "bus/bus_connection.hpp"
#include "bus/followed_service.hpp"
#include "bus/name_watch.hpp"

namespace bms::driver {

/// Follows the service and asks it every few seconds, since one that hangs says nothing more, and one that shows the
/// same for minutes may be sound. What it says of itself (/Connected) counts as well.
class BankShunt {
 public:
  using Clock = std::chrono::steady_clock;

  /// `service`: its name, or the end of that; of several that fit, the first in the alphabet is taken. `prefix`: of its
  /// lines in the log. `is_other`: whether this service is the bank itself or one of its packs, which are no shunt.
  /// `bus` outlives the object.
  BankShunt(bus::BusConnection& bus, std::string service, std::string prefix,
            std::function<bool(const std::string& service)> is_other);
  BankShunt(const BankShunt&) = delete;
  BankShunt& operator=(const BankShunt&) = delete;

  /// What it measures; empty: it is not there, or hears nothing of what it measures.
  [[nodiscard]] std::optional<bank::Shunt> measured(Clock::time_point now);

 private:
  void take_owner(const std::string& name, const std::string& owner);
  void choose();
  void follow(const std::string& name, const std::string& owner);
  void ask();

  bus::BusConnection& bus_;
  std::string service_, prefix_;
  std::function<bool(const std::string& service)> is_other_;
  std::map<std::string, std::string> fitting_;  ///< names of services and their owners
  std::string refused_;                         ///< of these, the one that the log has named
  std::unique_ptr<bus::FollowedService> followed_;
  std::optional<Clock::time_point> answered_at_;
  Timer next_question_;
  bus::NameWatch names_;
};

}  // namespace bms::driver
