// One connection to D-Bus, driven by the program's event loop. An idle connection causes no wake-ups.
#pragma once

#include <sdbus-c++/IConnection.h>
#include <systemd/sd-bus.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bms/timer.hpp"
#include "bus/bus_socket.hpp"
#include "bus/call_gate.hpp"

namespace bms::bus {

/// Whether programs are to use the bus of a session, DBUS_SESSION_BUS_ADDRESS, and not that of the system.
[[nodiscard]] bool is_of_session();

/// Connects to the session bus if DBUS_SESSION_BUS_ADDRESS is set, else to the system bus, as all Venus programs do.
/// One connection carries one Victron service: consumers tell services apart by the sender's unique name.
///
/// Nobody on the bus can choke it: few messages are taken in before everything else has its turn, and none while
/// something of ours waits to go out, so that at most one answer is ever in front of a limit. A client that does not
/// read what it is sent gets no more of it (CallGate).
class BusConnection {
 public:
  /// Connects (blocking) and starts to take messages from `io`. Throws sdbus::Error when there is no bus.
  explicit BusConnection(boost::asio::io_context& io);
  BusConnection(const BusConnection&) = delete;
  BusConnection& operator=(const BusConnection&) = delete;
  ~BusConnection();

  /// The connection as libsystemd knows it; docs/architecture.md says why. Whoever sends through it calls arm()
  /// afterwards. Valid as long as this object.
  [[nodiscard]] sd_bus* raw() { return raw_; }

  /// The connection for objects of sdbus-c++, which must not outlive this one; as with raw(), whoever sends calls
  /// arm() afterwards.
  [[nodiscard]] sdbus::IConnection& connection() { return *connection_; }

  /// What the bus calls this connection, ":1.42"; empty: it is closed.
  [[nodiscard]] std::string unique_name() const;

  /// The loop that drives the connection.
  [[nodiscard]] boost::asio::io_context& loop() { return loop_; }

  /// What others call passes here.
  [[nodiscard]] CallGate& gate() { return gate_; }

  /// Called once, from the event loop, when the bus has gone, with the reason. Nothing more comes or goes then.
  void on_lost(std::function<void(const std::string& why)> handler) { on_lost_ = std::move(handler); }

  /// Called when what can wait may go out: see is_busy().
  void on_room(std::function<void()> handler) { on_room_ = std::move(handler); }

  /// Called some seconds after a storm of messages, when the memory that it took can be given back.
  void on_calm(std::function<void()> handler) { on_calm_ = std::move(handler); }

  /// Asks (blocking) for a well-known name, without queueing. False: a process that lives has it. Throws sdbus::Error.
  [[nodiscard]] bool request_name(const std::string& name);

  /// Sees to it that what waits in the connection's queues goes on: output that the socket did not take, input that
  /// came along with a blocking call, timeouts of calls under way. Cheap; to be called after everything that sends.
  void arm();

  /// Leaves alone what comes in for this long. To be called before many questions are sent together: all their answers
  /// then wake the program once, and those that come in time need no timer. Signals wait as well, so it must be short.
  void rest(std::chrono::milliseconds time);

  /// Whether what is to be sent had better wait for on_room(): something is before it, or more may be added to it.
  [[nodiscard]] bool is_busy() const { return in_turn_ || output_waits(); }

  /// What was sent until now, and what waits for room, must get through: until the bus has read it nobody is answered,
  /// and if it has not after `limit` the connection is given up, so that nobody goes on believing what was published.
  void must_be_read_within(std::chrono::milliseconds limit);

  /// To be called each time before something is sent that comes again and again: sees whether what was sent the last
  /// time has been read, and gives the bus some seconds more if not.
  void look_after_output();

 private:
  void process();
  [[nodiscard]] int process_one();
  [[nodiscard]] bool has_something_to_do() const;
  [[nodiscard]] bool output_waits() const;
  [[nodiscard]] bool holds_back() const { return give_up_at_.has_value() || output_waits(); }
  void watch_output();
  void note_storm();
  void wait_for_input();
  void wait_for_output();
  void wait_until(std::chrono::steady_clock::time_point when);
  void close();
  void lose(const std::string& why);

  boost::asio::io_context& loop_;
  std::unique_ptr<sdbus::IConnection> connection_;
  sd_bus* raw_;
  BusSocket bytes_;
  CallGate gate_;
  boost::asio::posix::stream_descriptor socket_;
  Timer timeout_, rest_, output_look_, calm_;
  std::function<void(const std::string&)> on_lost_;
  std::function<void()> on_room_, on_calm_;
  std::optional<std::chrono::steady_clock::time_point> armed_for_;
  std::optional<std::chrono::steady_clock::time_point> give_up_at_;  ///< the bus must have read our output by then
  std::chrono::milliseconds look_pause_{};
  std::shared_ptr<const bool> here_ = std::make_shared<bool>();  ///< what the socket has still to report may come later
  bool input_awaited_ = false;
  bool output_awaited_ = false;
  bool resting_ = false;
  bool in_turn_ = false;
  bool calm_awaited_ = false;
  bool storm_goes_on_ = false;  ///< since calm is awaited
  bool lost_ = false;
};

}  // namespace bms::bus
