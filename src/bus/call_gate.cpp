#include "bus/call_gate.hpp"

#include <sdbus-c++/Error.h>

#include <chrono>

namespace bms::bus {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t smallest_answer = 100;
constexpr std::size_t size_of_refusal = 220;

}  // namespace

CallGate::CallGate(sd_bus* bus) : bus_{bus} {
  sd_bus_slot* slot = nullptr;
  const int result = sd_bus_add_filter(bus_, &slot, &CallGate::on_message, this);
  if (result < 0) throw sdbus::createError(-result, "Cannot look at what comes in");
  filter_.reset(slot);
}

void CallGate::charge(sd_bus_message* call, std::size_t bytes) {
  const char* client = sd_bus_message_get_sender(call);
  if (!client || sd_bus_message_get_expect_reply(call) <= 0) return;
  const auto now = Clock::now();
  credit_.charge(client, bytes, now);
  if (credit_.must_be_asked(client, now)) ask(client);
}

int CallGate::on_message(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
  if (sd_bus_message_is_method_call(message, nullptr, nullptr) <= 0) return 0;
  return static_cast<CallGate*>(self)->judge(message);
}

/// Returns whether the call has been dealt with.
int CallGate::judge(sd_bus_message* call) {
  const char* client = sd_bus_message_get_sender(call);
  if (!client) return 0;
  const auto now = Clock::now();
  const Credit credit = credit_.of(client, now);
  if (credit == Credit::answer) {
    charge(call, smallest_answer);
    return 0;
  }
  if (credit_.must_be_asked(client, now)) ask(client);
  if (credit == Credit::refusal && sd_bus_message_get_expect_reply(call) > 0) {
    credit_.charge(client, size_of_refusal, now);
    sd_bus_reply_method_errorf(call, SD_BUS_ERROR_LIMITS_EXCEEDED, "You have not read the answers before this one");
  }
  return 1;
}

/// libsystemd, libdbus, Qt and GLib answer this by themselves as soon as they read it.
void CallGate::ask(const char* client) {
  sd_bus_call_method_async(bus_, nullptr, client, "/", "org.freedesktop.DBus.Peer", "Ping", &CallGate::on_answer, this,
                           "");
}

int CallGate::on_answer(sd_bus_message* answer, void* self, sd_bus_error* /*error*/) {
  // An error of its own is an answer, too; one of the bus, or that time is up, has another sender.
  if (const char* client = sd_bus_message_get_sender(answer)) static_cast<CallGate*>(self)->credit_.has_read(client);
  return 0;
}

}  // namespace bms::bus
