// Which calls of others are answered at all.
#pragma once

#include <systemd/sd-bus.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "bus/client_credit.hpp"

namespace bms::bus {

struct SlotCloser {
  void operator()(sd_bus_slot* slot) const { sd_bus_slot_unref(slot); }
};
/// What libsystemd knows of a subscription, a handler or a call under way, which end with it.
using Slot = std::unique_ptr<sd_bus_slot, SlotCloser>;

/// Sees every call that comes to a connection before anybody answers it, libsystemd itself included, and keeps the
/// credit of each client.
class CallGate {
 public:
  /// `bus` must outlive the gate. Throws sdbus::Error.
  explicit CallGate(sd_bus* bus);
  CallGate(const CallGate&) = delete;
  CallGate& operator=(const CallGate&) = delete;

  /// The call is answered with about so many bytes.
  void charge(sd_bus_message* call, std::size_t bytes);

 private:
  static int on_message(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_answer(sd_bus_message* answer, void* self, sd_bus_error* error);
  [[nodiscard]] int judge(sd_bus_message* call);
  void ask(const char* client);

  sd_bus* bus_;
  ClientCredit credit_;
  Slot filter_;
};

}  // namespace bms::bus
