#include "bus/bus_calls.hpp"

#include <sdbus-c++/Error.h>
#include <spdlog/spdlog.h>

#include <cstdint>
#include <exception>
#include <system_error>
#include <utility>

namespace bms::bus {

int Pending::dispatch(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
  const auto callee = static_cast<Callee*>(self)->shared_from_this();  // it may end its own subscription
  try {
    callee->handler(message);
  } catch (const std::exception& failure) {
    // Nothing may be thrown through the C library.
    spdlog::warn("Cannot follow another service: {}", failure.what());
  }
  return 0;
}

Pending subscribe(BusConnection& bus, const std::string& rule, Pending::Handler handler) {
  Pending pending;
  pending.callee_ = std::make_shared<Pending::Callee>(std::move(handler));
  sd_bus_slot* slot = nullptr;
  const int result =
      sd_bus_add_match_async(bus.raw(), &slot, rule.c_str(), &Pending::dispatch, nullptr, pending.callee_.get());
  if (result < 0) throw sdbus::createError(-result, "Cannot subscribe: " + rule);
  pending.slot_.reset(slot);
  return pending;
}

namespace {

/// Empty: it cannot be made, which is logged.
Message make_call(BusConnection& bus, const CallTarget& target, const std::function<void(MessageWriter&)>& arguments) {
  sd_bus_message* raw_message = nullptr;
  int result = sd_bus_message_new_method_call(bus.raw(), &raw_message, std::string{target.service}.c_str(),
                                              std::string{target.path}.c_str(), std::string{target.interface}.c_str(),
                                              std::string{target.method}.c_str());
  Message message{raw_message};
  if (result >= 0 && arguments) {
    MessageWriter writer{raw_message};
    arguments(writer);
    result = writer.result();
  }
  if (result >= 0) return message;
  spdlog::warn("Cannot make a call to {}: {}", target.service, std::generic_category().message(-result));
  return {};
}

/// Sees to it that what was sent goes on; says why it was not sent.
void finish_sending(BusConnection& bus, int result) {
  if (result < 0) spdlog::warn("Cannot send a call: {}", std::generic_category().message(-result));
  bus.arm();
}

}  // namespace

Pending call(BusConnection& bus, const CallTarget& target, std::chrono::milliseconds timeout, Pending::Handler handler,
             const std::function<void(MessageWriter&)>& arguments) {
  Pending pending;
  const Message message = make_call(bus, target, arguments);
  if (!message) return pending;
  pending.callee_ = std::make_shared<Pending::Callee>(std::move(handler));
  sd_bus_slot* slot = nullptr;
  const auto timeout_us = static_cast<std::uint64_t>(std::chrono::microseconds{timeout}.count());
  finish_sending(
      bus, sd_bus_call_async(bus.raw(), &slot, message.get(), &Pending::dispatch, pending.callee_.get(), timeout_us));
  pending.slot_.reset(slot);
  return pending;
}

Message make_tell(BusConnection& bus, const CallTarget& target, const std::function<void(MessageWriter&)>& arguments) {
  Message message = make_call(bus, target, arguments);
  if (message) sd_bus_message_set_expect_reply(message.get(), 0);
  return message;
}

void tell(BusConnection& bus, const Message& message) {
  if (message) finish_sending(bus, sd_bus_send(bus.raw(), message.get(), nullptr));
}

const char* read_text(sd_bus_message* message) {
  const char* words = nullptr;
  return sd_bus_message_read_basic(message, 's', static_cast<void*>(&words)) > 0 ? words : nullptr;
}

namespace {

/// A variant with a number or a text; anything else is passed over and empty. Returns whether it was a variant.
bool read_variant(sd_bus_message* message, items::Incoming& value) {
  char type = 0;
  const char* contents = nullptr;
  if (sd_bus_message_peek_type(message, &type, &contents) <= 0 || type != 'v') return false;
  constexpr std::string_view numbers_and_texts = "ynqiuxtbds";
  const bool counts = contents && *contents != 0 && contents[1] == 0 && numbers_and_texts.contains(*contents);
  if (!counts) return sd_bus_message_skip(message, "v") >= 0;
  if (sd_bus_message_enter_container(message, 'v', contents) <= 0) return false;
  value = read_value(message).value_or(items::Incoming{});  // of a text that is too long nothing is left
  return sd_bus_message_exit_container(message) >= 0;
}

}  // namespace

bool read_dictionary(sd_bus_message* message,
                     const std::function<void(std::string_view, const items::Incoming&)>& handler) {
  if (sd_bus_message_enter_container(message, 'a', "{sv}") <= 0) return false;
  while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
    const char* key = read_text(message);
    items::Incoming value;
    if (!key || !read_variant(message, value) || sd_bus_message_exit_container(message) < 0) return false;
    handler(key, value);
  }
  return sd_bus_message_exit_container(message) >= 0;
}

bool read_properties(sd_bus_message* message, std::string_view path, const ItemHandler& handler) {
  return read_dictionary(message, [&](std::string_view key, const items::Incoming& value) {
    if (key == "Value") handler(path, value);
  });
}

bool read_items(sd_bus_message* message, const ItemHandler& handler, const ItemHandler& on_default) {
  if (sd_bus_message_enter_container(message, 'a', "{sa{sv}}") <= 0) return false;
  while (sd_bus_message_enter_container(message, 'e', "sa{sv}") > 0) {
    const char* path = read_text(message);
    const auto take = [&](std::string_view key, const items::Incoming& value) {
      if (key == "Value") handler(path, value);
      if (key == "Default" && on_default) on_default(path, value);
    };
    if (!path || !read_dictionary(message, take) || sd_bus_message_exit_container(message) < 0) return false;
  }
  return true;
}

bool read_tree(sd_bus_message* message, const ItemHandler& handler) {
  if (sd_bus_message_enter_container(message, 'v', "a{sv}") <= 0) return false;
  return read_dictionary(message, [&](std::string_view key, const items::Incoming& value) {
    handler(key.starts_with('/') ? std::string{key} : '/' + std::string{key}, value);
  });
}

std::vector<Pending> subscribe_items(BusConnection& bus, const std::string& owner,
                                     std::span<const std::string_view> paths, const ItemHandler& on_item,
                                     const std::function<void()>& on_end) {
  // By the unique name: libsystemd cannot tell whether a signal comes from the owner of another one. One rule for each
  // path, so that what else the service says by PropertiesChanged wakes nobody.
  const std::string rule =
      "type='signal',sender='" + owner + "',interface='" + std::string{bus_item_interface} + "',member='";
  std::vector<Pending> subscriptions;
  subscriptions.push_back(subscribe(bus, rule + "ItemsChanged',path='/'", [on_item, on_end](sd_bus_message* signal) {
    read_items(signal, on_item);
    on_end();
  }));
  // A program may have a thousand rules on the bus of Venus OS.
  constexpr std::size_t most_rules = 32;
  if (paths.size() > most_rules) {
    const auto on_change = [on_item, on_end](sd_bus_message* signal) {
      const char* path = sd_bus_message_get_path(signal);
      if (path) read_properties(signal, path, on_item);
      on_end();
    };
    subscriptions.push_back(subscribe(bus, rule + "PropertiesChanged'", on_change));
    return subscriptions;
  }
  for (const std::string_view each : paths) {
    const std::string path{each};
    const auto on_change = [path, on_item, on_end](sd_bus_message* signal) {
      read_properties(signal, path, on_item);
      on_end();
    };
    subscriptions.push_back(subscribe(bus, rule + "PropertiesChanged',path='" + path + "'", on_change));
  }
  return subscriptions;
}

}  // namespace bms::bus
