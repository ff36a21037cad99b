#include "bus/bus_names.hpp"

#include <chrono>
#include <string_view>
#include <utility>

namespace bms::bus {
namespace {

constexpr auto call_timeout = std::chrono::seconds{5};
constexpr std::string_view bus_name = "org.freedesktop.DBus";
constexpr std::string_view bus_path = "/org/freedesktop/DBus";

CallTarget of_bus(std::string_view method) { return {bus_name, bus_path, bus_name, method}; }

}  // namespace

Pending watch_owners(BusConnection& bus, const std::string& which,
                     std::function<void(const std::string& name, const std::string& owner)> handler) {
  const std::string rule =
      "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged'," + which;
  return subscribe(bus, rule, [handler = std::move(handler)](sd_bus_message* signal) {
    const char* name = read_text(signal);
    const char* old_owner = name ? read_text(signal) : nullptr;
    const char* new_owner = old_owner ? read_text(signal) : nullptr;
    if (new_owner) handler(name, new_owner);
  });
}

Pending list_names(BusConnection& bus, std::string_view prefix,
                   std::function<void(std::vector<std::string> names)> handler) {
  const auto take = [prefix = std::string{prefix}, handler = std::move(handler)](sd_bus_message* reply) {
    std::vector<std::string> names;
    if (sd_bus_message_enter_container(reply, 'a', "s") > 0) {
      while (const char* name = read_text(reply)) {
        if (std::string_view{name}.starts_with(prefix)) names.emplace_back(name);
      }
    }
    handler(std::move(names));
  };
  return call(bus, of_bus("ListNames"), call_timeout, take);
}

Pending ask_owner(BusConnection& bus, const std::string& name, std::function<void(const std::string& owner)> handler) {
  const auto take = [handler = std::move(handler)](sd_bus_message* reply) {
    const char* owner = sd_bus_message_is_method_error(reply, nullptr) > 0 ? nullptr : read_text(reply);
    handler(owner ? owner : "");
  };
  return call(bus, of_bus("GetNameOwner"), call_timeout, take,
              [&name](MessageWriter& arguments) { arguments.append_basic('s', name.c_str()); });
}

Pending ask_caller(BusConnection& bus, const std::string& unique_name,
                   std::function<void(const Caller& caller)> handler) {
  const auto take = [handler = std::move(handler)](sd_bus_message* reply) {
    Caller caller;
    const auto note = [&caller](std::string_view key, const items::Incoming& value) {
      const auto* number = std::get_if<std::int64_t>(&value);
      if (number == nullptr) return;
      if (key == "UnixUserID") caller.user = static_cast<std::uint32_t>(*number);
      if (key == "ProcessID") caller.process = static_cast<std::uint32_t>(*number);
    };
    if (sd_bus_message_is_method_error(reply, nullptr) <= 0) read_dictionary(reply, note);
    handler(caller);
  };
  return call(bus, of_bus("GetConnectionCredentials"), call_timeout, take,
              [&unique_name](MessageWriter& arguments) { arguments.append_basic('s', unique_name.c_str()); });
}

}  // namespace bms::bus
