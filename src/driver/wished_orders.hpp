// What people want the BMS to do, by whichever face: becomes an order, and everybody sees what comes of it.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "bms/battery.hpp"
#include "bms/command.hpp"
#include "driver/battery_log.hpp"
#include "driver/orders.hpp"
#include "link/link.hpp"

namespace bms::driver {

class WishedOrders {
 public:
  /// What is needed of the battery; all of it outlives this object.
  struct Surroundings {
    link::Link& line;
    Orders& orders;
    Protocol& protocol;
    const BatteryLog& log;
    std::function<void(LastOrder)> show;              ///< the newest order, and what became of it
    std::function<void(const Command&)> carried_out;  ///< the BMS has done it
  };

  explicit WishedOrders(Surroundings around) : around_(std::move(around)) {}

  /// Has the BMS carry out a command; `by`: where the wish comes from. The same wish again waits until some seconds
  /// have passed, and supersedes the one that waits. False: it cannot be, as the log says; where the BMS has no such
  /// command `advice` ends that line.
  [[nodiscard]] bool give(const Command& command, std::string_view by, std::string_view advice = "");

  /// Says that it is so already; nothing is ordered. True.
  bool leave(const Command& command, std::string_view by);

  /// Whether an order about the same has not been answered yet.
  [[nodiscard]] bool waits(const Command& command) const;

 private:
  void report(const std::string& what, unsigned number, const Result<CommandResult>& outcome);

  Surroundings around_;
  unsigned newest_ = 0;                 ///< the number of the order that is shown
  std::multiset<std::string> waiting_;  ///< keys of those that have not been answered
};

}  // namespace bms::driver
