#include "bus/bus_connection.hpp"

#include <poll.h>
#include <sdbus-c++/sdbus-c++.h>
#include <systemd/sd-bus.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

namespace bms::bus {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// What is taken in before timers and the serial port have their turn.
constexpr unsigned messages_in_turn = 32;
constexpr auto time_of_turn = 5ms;

// A bus that is slow may have reasons, and consumers hear nothing of anybody meanwhile.
constexpr auto patience = 10s;
constexpr auto first_look = 1ms;
constexpr auto longest_look_pause = 100ms;

constexpr auto knock_time = 1s;
constexpr auto calm_after = 3s;

std::unique_ptr<sdbus::IConnection> connect() {
  // libsystemd gives up when a signal comes meanwhile; that it came will be seen in the event loop.
  for (int interruptions = 0;; ++interruptions) {
    try {
      return is_of_session() ? sdbus::createSessionBusConnection() : sdbus::createSystemBusConnection();
    } catch (const sdbus::Error& error) {
      if (error.getName() == "System.Error.EINTR" && interruptions < 3) continue;
      const std::string bus = is_of_session() ? "the bus of DBUS_SESSION_BUS_ADDRESS" : "the system bus";
      throw sdbus::Error(error.getName(), error.getMessage() + "; " + bus + " is needed: does its dbus-daemon run?");
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
std::optional<Clock::time_point> deadline(sd_bus* bus) {
  std::uint64_t time_us = 0;
  if (sd_bus_get_timeout(bus, &time_us) < 0 || time_us == UINT64_MAX) return std::nullopt;
  return Clock::time_point{std::chrono::microseconds{time_us}};
}

std::string in_words(int negative_errno) { return std::generic_category().message(-negative_errno); }

/// Sends something to whoever has a name, from outside. The bus notices that a process has gone when it reads what that
/// sent, or sends something there. When it has stopped reading, only the latter is left.
void knock_at(const std::string& name) {
  sd_bus* raw_other = nullptr;
  if ((is_of_session() ? sd_bus_open_user : sd_bus_open_system)(&raw_other) < 0) return;
  const std::unique_ptr<sd_bus, decltype(&sd_bus_close_unref)> other{raw_other, &sd_bus_close_unref};
  sd_bus_message* raw_ping = nullptr;
  if (sd_bus_message_new_method_call(raw_other, &raw_ping, name.c_str(), "/", "org.freedesktop.DBus.Peer", "Ping") < 0)
    return;
  const std::unique_ptr<sd_bus_message, decltype(&sd_bus_message_unref)> ping{raw_ping, &sd_bus_message_unref};
  sd_bus_message_set_expect_reply(raw_ping, 0);
  if (sd_bus_send(raw_other, raw_ping, nullptr) < 0) return;
  const auto is_on_its_way = [raw_other] {
    std::uint64_t waiting = 0;
    return sd_bus_is_ready(raw_other) > 0 && sd_bus_get_n_queued_write(raw_other, &waiting) >= 0 && waiting == 0;
  };
  for (const auto until = Clock::now() + knock_time; !is_on_its_way() && Clock::now() < until;) {
    const int done = sd_bus_process(raw_other, nullptr);
    if (done < 0) return;
    if (done == 0) sd_bus_wait(raw_other, 10'000);
  }
}

enum class Owner : std::uint8_t { lives, has_gone, does_not_answer };

/// Whether the owner of a name lives. One that was killed while the bus did not read what it sent is known to the bus
/// until something is sent to it.
Owner ask_owner_of(sd_bus* bus, const std::string& name) {
  sd_bus_message* raw_ping = nullptr;
  if (sd_bus_message_new_method_call(bus, &raw_ping, name.c_str(), "/", "org.freedesktop.DBus.Peer", "Ping") < 0)
    return Owner::does_not_answer;
  const std::unique_ptr<sd_bus_message, decltype(&sd_bus_message_unref)> ping{raw_ping, &sd_bus_message_unref};
  sd_bus_error error = SD_BUS_ERROR_NULL;
  const int result = sd_bus_call(bus, raw_ping, std::chrono::microseconds{knock_time}.count(), &error, nullptr);
  // That it has gone is said by the bus at once. That there is no answer in time says nothing: it may be busy.
  const bool in_time = sd_bus_error_has_name(&error, SD_BUS_ERROR_TIMEOUT) <= 0;
  sd_bus_error_free(&error);
  if (result >= 0) return Owner::lives;
  return in_time ? Owner::has_gone : Owner::does_not_answer;
}

}  // namespace

bool is_of_session() {
  return std::getenv("DBUS_SESSION_BUS_ADDRESS") != nullptr;  // NOLINT(concurrency-mt-unsafe)
}

BusConnection::BusConnection(boost::asio::io_context& io)
    : loop_{io},
      connection_{connect()},
      raw_{raw_bus(*connection_)},
      bytes_{sd_bus_get_fd(raw_)},
      gate_{raw_},
      socket_{io, sd_bus_get_fd(raw_)},
      timeout_{io},
      rest_{io},
      output_look_{io},
      calm_{io} {
  arm();
}

BusConnection::~BusConnection() {
  // The descriptor belongs to libsystemd.
  if (socket_.is_open()) socket_.release();
  // sdbus-c++ would wait for the bus to take what it does not take.
  if (output_waits()) sd_bus_close(raw_);
}

bool BusConnection::request_name(const std::string& name) {
  bytes_.prepare_blocking_call();
  int result = sd_bus_request_name(raw_, name.c_str(), 0);  // 0: do not queue
  bool answered = result >= 0 || result == -EEXIST || result == -EALREADY;
  if (result == -EEXIST) {
    const Owner owner = ask_owner_of(raw_, name);
    answered = owner != Owner::does_not_answer;
    if (owner == Owner::has_gone) result = sd_bus_request_name(raw_, name.c_str(), 0);
  }
  bytes_.note_blocking_call(answered);
  arm();
  if (result == -EEXIST) return false;
  if (result < 0 && result != -EALREADY) throw sdbus::createError(-result, "Cannot ask for the name " + name);
  return true;
}

void BusConnection::arm() {
  if (lost_ || resting_ || in_turn_) return;  // what ends these comes back to this
  if (output_waits()) wait_for_output();
  if (holds_back()) return;
  wait_for_input();
  const auto when = deadline(raw_);
  if (when == armed_for_) return;
  armed_for_ = when;
  when ? wait_until(*when) : timeout_.cancel();
}

void BusConnection::rest(std::chrono::milliseconds time) {
  if (lost_ || resting_ || holds_back()) return;
  resting_ = true;
  // A descriptor that the loop knows wakes it, whether anybody waits for it or not.
  socket_.release();
  input_awaited_ = output_awaited_ = false;
  rest_.after(time, [this] {
    resting_ = false;
    socket_.assign(sd_bus_get_fd(raw_));
    process();
  });
}

void BusConnection::process() {
  if (lost_) return;
  const auto began = Clock::now();
  in_turn_ = true;
  int done = output_waits() ? process_one() : 1;
  for (unsigned messages = 0; done > 0 && !holds_back(); ++messages) {
    if (messages == messages_in_turn || Clock::now() - began > time_of_turn) {
      note_storm();
      break;
    }
    done = process_one();
  }
  in_turn_ = false;
  if (done < 0) return lose(in_words(done));
  if (sd_bus_is_open(raw_) <= 0) return lose("the bus closed the connection");
  if (!output_waits() && on_room_) on_room_();
  arm();
}

/// Lets libsystemd do one thing: 1. 0: there is nothing to do. Negative: an errno.
int BusConnection::process_one() {
  const BusSocket::Input input = bytes_.look();
  if (input == BusSocket::Input::unready) return 0;
  // What comes just now shall not be read unseen, so it is not asked to read where there was nothing.
  if (input == BusSocket::Input::none && !has_something_to_do()) return 0;
  const int done = sd_bus_process(raw_, nullptr);
  bytes_.note_read();
  return done;
}

/// Apart from reading: a message that came along with a blocking call, output, a call whose time is up.
bool BusConnection::has_something_to_do() const {
  std::uint64_t queued = 0;
  if (output_waits() || (sd_bus_get_n_queued_read(raw_, &queued) >= 0 && queued > 0)) return true;
  const auto when = deadline(raw_);
  return when && *when <= Clock::now();
}

bool BusConnection::output_waits() const {
  std::uint64_t waiting = 0;
  return sd_bus_get_n_queued_write(raw_, &waiting) >= 0 && waiting > 0;
}

void BusConnection::must_be_read_within(std::chrono::milliseconds limit) {
  if (lost_) return;
  const auto until = Clock::now() + limit;
  give_up_at_ = std::min(give_up_at_.value_or(until), until);
  look_pause_ = first_look;
  watch_output();
}

void BusConnection::look_after_output() {
  if (!lost_ && !give_up_at_ && (output_waits() || !bytes_.all_taken())) must_be_read_within(patience);
}

void BusConnection::watch_output() {
  output_look_.after(look_pause_, [this] {
    if (!give_up_at_) return;
    if (!output_waits() && bytes_.all_taken()) {
      give_up_at_.reset();
      return process();
    }
    if (Clock::now() > *give_up_at_) return lose("it does not read what it is sent");
    look_pause_ = std::min<std::chrono::milliseconds>(2 * look_pause_, longest_look_pause);
    watch_output();
  });
}

void BusConnection::note_storm() {
  storm_goes_on_ = calm_awaited_;
  if (std::exchange(calm_awaited_, true)) return;
  calm_.after(calm_after, [this] {
    calm_awaited_ = false;
    if (storm_goes_on_) return note_storm();
    if (on_calm_) on_calm_();
  });
}

void BusConnection::wait_for_input() {
  if (std::exchange(input_awaited_, true)) return;
  socket_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [this, here = std::weak_ptr(here_)](const boost::system::error_code& error) {
                       if (error || here.expired()) return;
                       input_awaited_ = false;
                       process();
                     });
}

void BusConnection::wait_for_output() {
  if (std::exchange(output_awaited_, true)) return;
  socket_.async_wait(boost::asio::posix::descriptor_base::wait_write,
                     [this, here = std::weak_ptr(here_)](const boost::system::error_code& error) {
                       if (error || here.expired()) return;
                       output_awaited_ = false;
                       process();
                     });
}

void BusConnection::wait_until(Clock::time_point when) {
  timeout_.at(when, [this] {
    armed_for_.reset();
    process();
  });
}

std::string BusConnection::unique_name() const {
  const char* name = nullptr;
  return sd_bus_get_unique_name(raw_, &name) >= 0 ? name : "";
}

void BusConnection::close() {
  lost_ = true;
  for (Timer* timer : {&timeout_, &rest_, &output_look_, &calm_}) timer->cancel();
  if (socket_.is_open()) socket_.release();
  sd_bus_close(raw_);
}

void BusConnection::lose(const std::string& why) {
  const std::string name = unique_name();
  const bool is_read = bytes_.all_taken() && !output_waits();
  close();
  if (!is_read && !name.empty()) knock_at(name);
  if (on_lost_) on_lost_(why);
}

}  // namespace bms::bus
