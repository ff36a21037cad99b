#include "venus/bus_connection.hpp"

#include <poll.h>
#include <sdbus-c++/sdbus-c++.h>
#include <systemd/sd-bus.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

namespace bms::venus {
namespace {

std::unique_ptr<sdbus::IConnection> connect() {
  const bool has_session = std::getenv("DBUS_SESSION_BUS_ADDRESS") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  // libsystemd gives up when a signal comes meanwhile; that it came will be seen in the event loop.
  for (int interruptions = 0;; ++interruptions) {
    try {
      return has_session ? sdbus::createSessionBusConnection() : sdbus::createSystemBusConnection();
    } catch (const sdbus::Error& error) {
      if (error.getName() != "System.Error.EINTR" || interruptions == 3) throw;
    }
  }
}

/// sdbus-c++ 1.2 keeps the library's own handles to itself; a message, though, may be asked by its heirs, and knows its
/// bus.
struct OpenMessage : sdbus::Message {
  static sd_bus_message* raw(const sdbus::Message& message) {
    return static_cast<sd_bus_message*>(message.*(&OpenMessage::msg_));
  }
};

sd_bus* raw_bus(sdbus::IConnection& connection) {
  const auto object = sdbus::createObject(connection, "/");
  const auto never_sent = object->createSignal("org.dbus_bms.Unsent", "Unsent");
  return sd_bus_message_get_bus(OpenMessage::raw(never_sent));
}

/// When libsystemd wants to be called again, on the clock that it shares with std::chrono::steady_clock.
std::optional<std::chrono::steady_clock::time_point> deadline(const sdbus::IConnection::PollData& wishes) {
  if (wishes.timeout_usec == UINT64_MAX) return std::nullopt;
  return std::chrono::steady_clock::time_point{wishes.getAbsoluteTimeout()};
}

}  // namespace

BusConnection::BusConnection(boost::asio::io_context& io)
    : loop_{io},
      connection_{connect()},
      raw_{raw_bus(*connection_)},
      socket_{io, connection_->getEventLoopPollData().fd},
      timeout_{io},
      rest_{io} {
  wait_for_input();
  arm();
}

BusConnection::~BusConnection() {
  // The descriptor belongs to libsystemd.
  if (socket_.is_open()) socket_.release();
}

bool BusConnection::request_name(const std::string& name) {
  const int result = sd_bus_request_name(raw_, name.c_str(), 0);  // 0: do not queue
  arm();
  if (result == -EEXIST) return false;
  if (result < 0 && result != -EALREADY) throw sdbus::createError(-result, "Cannot ask for the name " + name);
  return true;
}

void BusConnection::arm() {
  if (lost_ || resting_) return;  // what wakes it from its rest comes back to this
  const auto wishes = connection_->getEventLoopPollData();
  if ((wishes.events & POLLOUT) != 0) wait_for_output();
  const auto when = deadline(wishes);
  if (when == armed_for_) return;
  armed_for_ = when;
  when ? wait_until(*when) : static_cast<void>(timeout_.cancel());
}

void BusConnection::rest(std::chrono::milliseconds time) {
  if (lost_ || resting_ || output_awaited_) return;
  resting_ = true;
  // A descriptor that the loop knows wakes it, whether anybody waits for it or not.
  socket_.release();
  rest_.expires_after(time);
  rest_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled || lost_) return;
    resting_ = false;
    socket_.assign(connection_->getEventLoopPollData().fd);
    wait_for_input();
    process();
  });
}

void BusConnection::process() {
  if (lost_) return;
  try {
    while (connection_->processPendingRequest()) continue;
  } catch (const sdbus::Error& error) {
    return lose(error.what());
  }
  if (sd_bus_is_open(raw_) <= 0) return lose("the bus closed the connection");
  arm();
}

void BusConnection::wait_for_input() {
  socket_.async_wait(boost::asio::posix::descriptor_base::wait_read, [this](const boost::system::error_code& error) {
    if (error) return;
    process();
    if (!lost_) wait_for_input();
  });
}

void BusConnection::wait_for_output() {
  if (std::exchange(output_awaited_, true)) return;
  socket_.async_wait(boost::asio::posix::descriptor_base::wait_write, [this](const boost::system::error_code& error) {
    if (error) return;
    output_awaited_ = false;
    process();
  });
}

void BusConnection::wait_until(std::chrono::steady_clock::time_point when) {
  timeout_.expires_at(when);
  timeout_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    armed_for_.reset();
    process();
  });
}

void BusConnection::lose(const std::string& why) {
  lost_ = true;
  timeout_.cancel();
  if (socket_.is_open()) socket_.release();
  if (on_lost_) on_lost_(why);
}

}  // namespace bms::venus
