// systemd, where it has started the driver and wants to hear of it. Without it nothing happens.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>

#include "bms/timer.hpp"

namespace bms::driver {

class ServiceManager {
 public:
  explicit ServiceManager(boost::asio::io_context& loop) : beat_(loop) {}

  /// The driver has begun. From now on it is said to live as often as systemd wants, as long as the loop runs; whether
  /// each line does is the matter of Watchdog. A board that is not there yet is no reason to wait: it may come later.
  void ready();

  /// It is about to end.
  void stopping();

 private:
  void beat();

  Timer beat_;
  std::chrono::microseconds pause_{};
};

}  // namespace bms::driver
