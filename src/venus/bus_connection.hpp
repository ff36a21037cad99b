// One connection to D-Bus, driven by the program's event loop. An idle connection causes no wake-ups.
#pragma once

#include <sdbus-c++/IConnection.h>
#include <systemd/sd-bus.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace bms::venus {

/// Connects to the session bus if DBUS_SESSION_BUS_ADDRESS is set, else to the system bus, as all Venus programs do.
/// One connection carries one Victron service: consumers tell services apart by the sender's unique name.
class BusConnection {
 public:
  /// Connects (blocking) and starts to take messages from `io`. Throws sdbus::Error when there is no bus.
  explicit BusConnection(boost::asio::io_context& io);
  BusConnection(const BusConnection&) = delete;
  BusConnection& operator=(const BusConnection&) = delete;
  ~BusConnection();

  /// The connection itself. Whoever sends through it calls arm() afterwards.
  [[nodiscard]] sdbus::IConnection& sdbus() { return *connection_; }

  /// The same connection as libsystemd knows it, for what sdbus-c++ does not offer. Valid as long as this object.
  [[nodiscard]] sd_bus* raw() { return raw_; }

  /// The loop that drives the connection.
  [[nodiscard]] boost::asio::io_context& loop() { return loop_; }

  /// Called once, from the event loop, when the bus has gone, with the reason. Nothing more comes or goes then.
  void on_lost(std::function<void(const std::string& why)> handler) { on_lost_ = std::move(handler); }

  /// Asks (blocking) for a well-known name, without queueing. False: somebody else owns it. Throws sdbus::Error.
  [[nodiscard]] bool request_name(const std::string& name);

  /// Sees to it that what waits in the connection's queues goes on: output that the socket did not take, input that
  /// came along with a blocking call, timeouts of calls under way. Cheap; to be called after everything that sends.
  void arm();

  /// Leaves alone what comes in for this long. To be called before many questions are sent together: all their answers
  /// then wake the program once, and those that come in time need no timer. Signals wait as well, so it must be short.
  void rest(std::chrono::milliseconds time);

 private:
  void process();
  void wait_for_input();
  void wait_for_output();
  void wait_until(std::chrono::steady_clock::time_point when);
  void lose(const std::string& why);

  boost::asio::io_context& loop_;
  std::unique_ptr<sdbus::IConnection> connection_;
  sd_bus* raw_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer timeout_;
  std::function<void(const std::string&)> on_lost_;
  std::optional<std::chrono::steady_clock::time_point> armed_for_;
  boost::asio::steady_timer rest_;
  bool output_awaited_ = false;
  bool resting_ = false;
  bool lost_ = false;
};

}  // namespace bms::venus
