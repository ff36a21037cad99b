// BlueZ on D-Bus: what it has, what it is asked to do, and that it may go and come back.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bluetooth/call_error.hpp"
#include "bluetooth/discovery.hpp"
#include "bluetooth/objects.hpp"
#include "bms/traffic.hpp"
#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"

namespace bms::bluetooth {

/// One client of BlueZ, on a connection to D-Bus of its own.
///
/// It never switches, resets or configures an adapter, and touches no device but those that it is told to.
class Bluez {
 public:
  /// Gets the outcome of a call; no error: it is done.
  using Answered = std::function<void(const CallError& error)>;

  /// `on_lost` is called when D-Bus itself has gone for good, with the reason. Throws sdbus::Error when there is none.
  Bluez(boost::asio::io_context& loop, std::function<void(const std::string& why)> on_lost);
  Bluez(const Bluez&) = delete;
  Bluez& operator=(const Bluez&) = delete;

  /// From now on devices with this address are of interest; to be called before the event loop runs.
  void want(const std::string& address) { objects_.want(address); }
  void want_all() { objects_.want_all(); }

  /// Whether it runs, and has said what it has.
  [[nodiscard]] bool is_there() const { return read_; }

  /// What it has; nothing while it does not run.
  [[nodiscard]] const Objects& objects() const { return objects_; }

  /// Calls `on_news` whenever something of that has changed, until what is returned is gone.
  [[nodiscard]] Listening follow(std::function<void()> on_news);

  /// Calls `on_piece` with each value that a characteristic notifies, until what is returned is gone.
  [[nodiscard]] bus::Pending listen(const std::string& characteristic, std::function<void(Bytes piece)> on_piece);

  // Each of these returns at once. No answer within its time is an error as well.

  [[nodiscard]] bus::Pending connect(const std::string& device, Answered answered);
  [[nodiscard]] bus::Pending start_notify(const std::string& characteristic, Answered answered);
  [[nodiscard]] bus::Pending write(const std::string& characteristic, Bytes piece, bool with_response,
                                   Answered answered);

  /// How many bytes a packet of this connection may have; empty: it does not say.
  [[nodiscard]] bus::Pending ask_mtu(const std::string& characteristic,
                                     std::function<void(std::optional<std::size_t> mtu)> answered);

  /// Ends a connection, or one that is being made; lets BlueZ forget a device. Nobody waits for it.
  void disconnect(const std::string& device);
  void forget(const std::string& device);

  /// Scans with this adapter for as long as somebody has what is returned. There is one scan for all of them.
  [[nodiscard]] std::shared_ptr<Discovery> discover(const std::string& adapter);

  /// While somebody has what is returned, connections of ours are in the making: no scan is begun.
  [[nodiscard]] std::shared_ptr<void> keep_quiet();
  [[nodiscard]] bool is_quiet() const { return !quiet_.expired(); }

 private:
  void take_owner(const std::string& owner);
  void follow_owner();
  void ask_for_objects();
  void read_all(sd_bus_message* reply);
  void read_added(sd_bus_message* signal);
  void read_removed(sd_bus_message* signal);
  void read_changed(sd_bus_message* signal);
  bool read_interfaces_of(sd_bus_message* message, const std::string& path);
  void tell();
  [[nodiscard]] bus::Pending call(const bus::CallTarget& target, std::chrono::milliseconds timeout, Answered answered,
                                  const std::function<void(bus::MessageWriter&)>& arguments = {});

  bus::BusConnection bus_;
  Objects objects_;
  std::string owner_;  ///< unique name; empty: it does not run
  bool read_ = false;
  std::list<std::weak_ptr<std::function<void()>>> followers_;
  std::weak_ptr<Discovery> discovery_;
  std::weak_ptr<void> quiet_;
  bus::Pending owner_changes_, owner_question_, reading_;
  std::vector<bus::Pending> subscriptions_;
  Timer retry_;
};

}  // namespace bms::bluetooth
