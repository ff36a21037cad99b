#include "bluetooth/call_error.hpp"

#include <systemd/sd-bus.h>

#include <algorithm>
#include <optional>

namespace bms::bluetooth {

namespace {

struct Row {
  std::optional<Call> call;  ///< empty: any
  std::string_view name;     ///< its end, after the last dot; empty: any
  std::string_view text;     ///< is found in its text; empty: any
  Meaning meaning;
};

constexpr Meaning in_use{Reaction::go_on, {}};

// The first row that fits counts.
constexpr Row rows[] = {
    {{}, "NotReady", "", {Reaction::await_power, "the adapter is switched off"}},
    {{}, "", "adapter-not-powered", {Reaction::await_power, "the adapter is switched off"}},

    {{}, "UnknownObject", "", {Reaction::await_objects, "it is not known to BlueZ any more"}},
    {{}, "UnknownMethod", "", {Reaction::await_objects, "it is not known to BlueZ any more"}},
    {{}, "DoesNotExist", "", {Reaction::await_objects, "it is not known to BlueZ any more"}},
    {{}, "ServiceUnknown", "", {Reaction::await_objects, "BlueZ does not run"}},
    {{}, "NameHasNoOwner", "", {Reaction::await_objects, "BlueZ does not run"}},
    {{}, "Disconnected", "", {Reaction::await_objects, "BlueZ does not run"}},
    {{}, "", "org.freedesktop.DBus.Error.Spawn", {Reaction::await_objects, "BlueZ does not run"}},

    {Call::stop_discovery, "", "", in_use},
    {Call::start_discovery,
     "InProgress",
     "",
     {Reaction::await_others, "another program scans on this adapter in a way that keeps BlueZ from it"}},
    {Call::start_discovery, "", "", {Reaction::await_others, "the adapter does not scan"}},

    {Call::connect, "AlreadyConnected", "", in_use},
    {Call::connect, "", "already in progress", {Reaction::await_connection, {}}},
    {Call::connect, "InProgress", "", {Reaction::await_connection, {}}},
    {Call::connect,
     "",
     "concurrent-connection-limit",
     {Reaction::relieve, "the adapter has no room for another connection; a second adapter helps"}},
    {Call::connect,
     "",
     "abort-by-remote",
     {Reaction::back_off, "the board hung up at once: another one is connected to it, or the signal is too weak"}},
    {Call::connect, "", "connection-canceled", {Reaction::back_off, "another program called the connection off"}},
    {Call::connect, "", "abort-by-local", {Reaction::back_off, "it is not reached"}},
    {Call::connect, "", "caused connection abort", {Reaction::back_off, "it is not reached"}},
    {Call::connect, "", "busy", {Reaction::back_off, "the adapter is busy"}},
    {Call::connect, "", "refused", {Reaction::back_off, "the board refused the connection"}},
    {Call::connect, "", "timeout", {Reaction::back_off, "it is not reached"}},
    {Call::connect, "NoReply", "", {Reaction::back_off, "BlueZ does not answer"}},
    {Call::connect, "Timeout", "", {Reaction::back_off, "BlueZ does not answer"}},

    {{}, "NotAuthorized", "", {Reaction::ask_owner, "the board wants to be paired"}},
    {{}, "AuthenticationFailed", "", {Reaction::ask_owner, "the board wants to be paired"}},
    {{}, "", "0x05", {Reaction::ask_owner, "the board wants to be paired"}},
    {{}, "", "0x0e", {Reaction::ask_owner, "the board wants to be paired"}},
    {{}, "", "0x0f", {Reaction::ask_owner, "the board wants to be paired"}},

    {Call::start_notify, "NotPermitted", "", {Reaction::reconnect, "another program has its notifications"}},
    {Call::start_notify, "InProgress", "", {Reaction::reconnect, "another program has its notifications"}},
    {Call::write, "", "Not connected", {Reaction::await_connection, "the connection was lost"}},
    {Call::connect, "", "", {Reaction::back_off, "no connection"}},
    {{}, "", "", {Reaction::reconnect, "the connection cannot be used"}},
};

bool fits(const Row& row, Call call, const CallError& error) {
  const bool named = row.name.empty() || std::string_view(error.name).ends_with("." + std::string(row.name));
  const bool said = error.text.contains(row.text) || error.name.contains(row.text);
  return (!row.call || *row.call == call) && named && said;
}

}  // namespace

Meaning meaning_of(Call call, const CallError& error) {
  if (!error) return in_use;
  return std::ranges::find_if(rows, [&](const Row& row) { return fits(row, call, error); })->meaning;
}

CallError error_of(sd_bus_message* reply) {
  const sd_bus_error* const error = sd_bus_message_get_error(reply);
  if (error == nullptr) return {};
  return {.name = error->name ? error->name : "unknown", .text = error->message ? error->message : ""};
}

std::string in_words(const CallError& error) {
  return error.text.empty() ? error.name : error.name + ": " + error.text;
}

}  // namespace bms::bluetooth
