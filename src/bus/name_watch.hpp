// Which Victron services are on the bus, and who owns them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bms/paced.hpp"
#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"

namespace bms::bus {

/// Follows every name below com.victronenergy from the moment it is made. Of one that comes and goes all the time only
/// what has become of it is reported now and then.
class NameWatch {
 public:
  struct Callbacks {
    /// A name has another owner, or a first one. `owner` is a unique name; empty: the service has left.
    std::function<void(const std::string& name, const std::string& owner)> on_owner;
    std::function<void()> on_complete;  ///< once: everything that was on the bus at the start has been reported
  };

  /// `bus` must outlive the watch. Throws sdbus::Error.
  NameWatch(BusConnection& bus, Callbacks callbacks);
  NameWatch(const NameWatch&) = delete;
  NameWatch& operator=(const NameWatch&) = delete;

 private:
  void take_change(const std::string& name, const std::string& owner);
  void take_names(std::vector<std::string> names);
  void ask_more();
  void take_owner(const std::string& name, const std::string& owner);
  void report_changes();
  void report_completeness();

  BusConnection& bus_;
  Callbacks callbacks_;
  Paced reporting_;
  std::map<std::string, std::string> changed_;  ///< names and their owners, not reported yet
  Pending changes_;
  Pending names_;
  std::vector<std::string> unasked_;          ///< names whose owner has not been asked for
  std::map<std::string, Pending> questions_;  ///< those that are being asked for
  bool listing_ = true;                       ///< the names at the start are not known yet
  bool complete_ = false;
};

}  // namespace bms::bus
