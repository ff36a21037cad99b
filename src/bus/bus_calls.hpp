// Asynchronous calls and subscriptions that end with the object that asked for them.
#pragma once

#include <systemd/sd-bus.h>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bus/bus_connection.hpp"
#include "bus/bus_message.hpp"

namespace bms::bus {

/// Where a call goes.
struct CallTarget {
  std::string_view service, path, interface, method;
};

inline constexpr std::string_view bus_item_interface = "com.victronenergy.BusItem";

/// A call under way, or a subscription. When it is destroyed nobody is called any more; it may be destroyed by the very
/// handler that it calls.
class Pending {
 public:
  using Handler = std::function<void(sd_bus_message*)>;

  Pending() = default;

 private:
  friend Pending subscribe(BusConnection& bus, const std::string& rule, Handler handler);
  friend Pending call(BusConnection& bus, const CallTarget& target, std::chrono::milliseconds timeout, Handler handler,
                      const std::function<void(MessageWriter&)>& arguments);

  static int dispatch(sd_bus_message* message, void* self, sd_bus_error* error);

  /// Lives at an address that stays, and until its handler has returned.
  struct Callee : std::enable_shared_from_this<Callee> {
    explicit Callee(Handler to_call) : handler{std::move(to_call)} {}
    Handler handler;
  };

  std::shared_ptr<Callee> callee_;
  Slot slot_;
};

/// Calls `handler` with every message that fits a match rule. Throws sdbus::Error when the rule is not valid.
[[nodiscard]] Pending subscribe(BusConnection& bus, const std::string& rule, Pending::Handler handler);

/// Sends a call and returns at once. `handler` gets the reply, which is an error after `timeout` at the latest, unless
/// the call could not be sent at all: that is logged.
[[nodiscard]] Pending call(BusConnection& bus, const CallTarget& target, std::chrono::milliseconds timeout,
                           Pending::Handler handler, const std::function<void(MessageWriter&)>& arguments = {});

/// A call whose answer nobody wants, and which can be sent again and again. Empty: it cannot be made, which is logged.
[[nodiscard]] Message make_tell(BusConnection& bus, const CallTarget& target,
                                const std::function<void(MessageWriter&)>& arguments);

/// Sends one. What cannot be sent is logged.
void tell(BusConnection& bus, const Message& message);

/// The next argument, a text; nullptr: it is not one. Valid as long as the message.
[[nodiscard]] const char* read_text(sd_bus_message* message);

/// What a reply or signal says of items, one by one.
using ItemHandler = std::function<void(std::string_view path, const items::Incoming& value)>;

// Each returns whether the message had the form that was expected; what came before the fault has been handled. What is
// not a number, text or empty array counts as empty.

/// a{sv}, each entry.
bool read_dictionary(sd_bus_message* message,
                     const std::function<void(std::string_view key, const items::Incoming& value)>& handler);

/// a{sv}, of which "Value" counts, as being about `path`: PropertiesChanged.
bool read_properties(sd_bus_message* message, std::string_view path, const ItemHandler& handler);

/// a{sa{sv}}, of which each "Value" counts: ItemsChanged, and the answer to GetItems. `on_default` gets each "Default".
bool read_items(sd_bus_message* message, const ItemHandler& handler, const ItemHandler& on_default = {});

/// a{sv} in a variant, the keys of which are paths without their slash: the answer of a root to GetValue.
bool read_tree(sd_bus_message* message, const ItemHandler& handler);

/// Follows what a service says of some of its paths, by ItemsChanged and PropertiesChanged: `on_item` for each item of
/// a signal (ItemsChanged brings others as well), then `on_end`. `owner`: the service's unique name. Throws
/// sdbus::Error for paths that are not valid.
[[nodiscard]] std::vector<Pending> subscribe_items(BusConnection& bus, const std::string& owner,
                                                   std::span<const std::string_view> paths, const ItemHandler& on_item,
                                                   const std::function<void()>& on_end);

}  // namespace bms::bus
