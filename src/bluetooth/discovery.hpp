// A discovery of ours on one adapter, from construction to destruction.
#pragma once

#include <functional>
#include <string>

#include "bluetooth/call_error.hpp"
#include "bms/timer.hpp"
#include "bus/bus_calls.hpp"

namespace bms::bluetooth {

/// Begun at once, and again later where it was refused: objects of devices also appear while others scan. BlueZ ends
/// the session by itself when we leave the bus.
class Discovery {
 public:
  /// `adapter`: the path of its object. `bus` outlives this.
  Discovery(bus::BusConnection& bus, std::string adapter);
  ~Discovery();
  Discovery(const Discovery&) = delete;
  Discovery& operator=(const Discovery&) = delete;

  [[nodiscard]] const std::string& adapter() const { return adapter_; }

  /// Why it is not running, in words; empty: it is, or it is not known yet.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  /// Called whenever the problem becomes another one, and once when it runs.
  void on_outcome(std::function<void()> handler) { on_outcome_ = std::move(handler); }

 private:
  void set_filter();
  void start();
  void take_outcome(const CallError& error);

  bus::BusConnection& bus_;
  std::string adapter_;
  std::string problem_;
  std::function<void()> on_outcome_;
  bus::Pending call_;
  Timer retry_;
  Timer::Clock::duration pause_;
};

}  // namespace bms::bluetooth
