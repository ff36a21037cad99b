// What BlueZ answers when something cannot be done, and what is to be done then.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

struct sd_bus_message;

namespace bms::bluetooth {

/// Calls of ours that can fail.
enum class Call : std::uint8_t { connect, start_notify, write, start_discovery, stop_discovery };

/// What is to be done about a failure.
enum class Reaction : std::uint8_t {
  go_on,             ///< it is as it should be, or it does not matter
  await_power,       ///< the adapter is off: wait until somebody has switched it on
  await_connection,  ///< a connection is being made already, by us or by another client
  await_objects,     ///< the device, the adapter or BlueZ has gone: wait until it is there
  await_others,      ///< somebody else has the radio: again, later
  back_off,          ///< the connection did not come about: again, later, and then look whether it advertises at all
  relieve,           ///< the adapter has no room for another connection: say so
  reconnect,         ///< the connection cannot be used
  ask_owner,         ///< only a person can help: say how, and do not insist
};

struct CallError {
  std::string name;  ///< "org.bluez.Error.Failed"; empty: there is none
  std::string text;

  [[nodiscard]] explicit operator bool() const { return !name.empty(); }
};

/// For a call that nobody has answered in time.
[[nodiscard]] inline CallError no_answer() { return {.name = "org.freedesktop.DBus.Error.Timeout", .text = ""}; }

/// What an error means.
struct Meaning {
  Reaction reaction;
  std::string_view words;  ///< for the log; may be empty
};

[[nodiscard]] Meaning meaning_of(Call call, const CallError& error);

/// The error that an answer is; empty: the answer is no error.
[[nodiscard]] CallError error_of(sd_bus_message* reply);

/// "org.bluez.Error.Failed: le-connection-abort-by-local".
[[nodiscard]] std::string in_words(const CallError& error);

}  // namespace bms::bluetooth
