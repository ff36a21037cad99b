// Why not one sdbus-c++ object for each path: 250 of them took 590 kB of heap (680 kB of private memory), a quarter of
// what the whole program may take, for tables that all say the same. One fallback handler for "/" takes nothing that
// grows with the number of items, and lets leaf, node and root differ as BusItem wants it.
#include "bus/bus_item_service.hpp"

#include <sdbus-c++/Error.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "bus/bus_message.hpp"

namespace bms::bus {
namespace {

constexpr const char* bus_item = "com.victronenergy.BusItem";
constexpr const char* introspectable = "org.freedesktop.DBus.Introspectable";

/// What an object of the tree is; a method may be offered by several kinds.
enum Where : unsigned {
  leaf = 1,
  ranged_leaf = 2,  ///< a leaf that can be written, between limits
  node = 4,
  root = 8,
  anywhere = leaf | ranged_leaf | node | root,
};

/// A call, and what is asked for.
struct Request {
  sd_bus_message* call;
  items::ItemTree& tree;
  std::string_view path;
  std::optional<items::ItemTree::Id> item;     ///< of a leaf
  std::span<const items::ItemTree::Id> below;  ///< of a node
  Where where;

  [[nodiscard]] const items::Item& leaf_item() const { return tree[*item]; }
};

/// One method: where it exists, its signatures, and what appends its answer.
struct Method {
  const char* interface;
  const char* name;
  unsigned where;
  const char* in;
  const char* out;
  void (*answer)(const Request& request, MessageWriter& reply);
};

/// All items below a node: `value_type` is "v" or "s", `append` appends one of them.
void append_below(const Request& request, MessageWriter& reply, const std::string& value_type,
                  void (*append)(MessageWriter&, const items::Item&)) {
  const std::string entry = "s" + value_type;
  const std::string contents = "{" + entry + "}";
  reply.open('v', ("a" + contents).c_str());
  reply.open('a', contents.c_str());
  for (const items::ItemTree::Id id : request.below) {
    const items::Item& item = request.tree[id];
    reply.open('e', entry.c_str());
    reply.append("s", items::relative_to(request.path, item.path));
    append(reply, item);
    reply.close();
  }
  reply.close();
  reply.close();
}

void get_value(const Request& request, MessageWriter& reply) { reply.append_value(request.leaf_item().value); }
void append_text(MessageWriter& to, const items::Item& item) {
  items::NumberText room;
  to.append("s", item.text(room));
}

void get_text(const Request& request, MessageWriter& reply) { append_text(reply, request.leaf_item()); }

void get_min(const Request& request, MessageWriter& reply) {
  reply.append_value(request.leaf_item().bound(&items::Range::min));
}
void get_max(const Request& request, MessageWriter& reply) {
  reply.append_value(request.leaf_item().bound(&items::Range::max));
}
void get_default(const Request& request, MessageWriter& reply) {
  reply.append_value(request.leaf_item().bound(&items::Range::initial));
}

void set_value(const Request& request, MessageWriter& reply) {
  const auto incoming = read_value(request.call);
  const items::SetResult result =
      incoming ? request.tree.write(*request.item, *incoming) : items::SetResult::not_writable;
  if (result != items::SetResult::accepted) spdlog::info("Refused a write to {}", request.path);
  reply.append("i", static_cast<std::int32_t>(result));
}

void get_values(const Request& request, MessageWriter& reply) {
  append_below(request, reply, "v", [](MessageWriter& to, const items::Item& item) { to.append_value(item.value); });
}
void get_texts(const Request& request, MessageWriter& reply) { append_below(request, reply, "s", append_text); }

void get_items(const Request& request, MessageWriter& reply) {
  reply.open('a', "{sa{sv}}");
  for (const items::Item& item : request.tree.items()) reply.append_item(item, true);
  reply.close();
}

void introspect(const Request& request, MessageWriter& reply);

constexpr Method methods[] = {
    {bus_item, "GetValue", leaf | ranged_leaf, "", "v", get_value},
    {bus_item, "GetText", leaf | ranged_leaf, "", "s", get_text},
    {bus_item, "SetValue", leaf | ranged_leaf, "v", "i", set_value},
    {bus_item, "GetMin", ranged_leaf, "", "v", get_min},
    {bus_item, "GetMax", ranged_leaf, "", "v", get_max},
    {bus_item, "GetDefault", ranged_leaf, "", "v", get_default},
    {bus_item, "GetValue", node | root, "", "v", get_values},
    {bus_item, "GetText", node | root, "", "v", get_texts},
    {bus_item, "GetItems", root, "", "a{sa{sv}}", get_items},
    {introspectable, "Introspect", anywhere, "", "s", introspect},
};

std::string described(const Method& method) {
  const auto argument = [](const char* type, const char* direction) {
    return *type == 0 ? std::string{} : fmt::format("   <arg type=\"{}\" direction=\"{}\"/>\n", type, direction);
  };
  return fmt::format("  <method name=\"{}\">\n{}{}  </method>\n", method.name, argument(method.in, "in"),
                     argument(method.out, "out"));
}

/// The names directly below a node, as XML. In a sorted list equal names are neighbours.
std::string children(const Request& request) {
  std::string xml;
  std::string_view last;
  for (const items::ItemTree::Id id : request.below) {
    const std::string_view relative = items::relative_to(request.path, request.tree[id].path);
    const std::string_view name = relative.substr(0, relative.find('/'));
    if (name != last) xml += fmt::format(" <node name=\"{}\"/>\n", name);
    last = name;
  }
  return xml;
}

void introspect(const Request& request, MessageWriter& reply) {
  std::string xml =
      "<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\"\n"
      "\"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">\n<node>\n";
  for (const char* interface : {introspectable, bus_item}) {
    xml += fmt::format(" <interface name=\"{}\">\n", interface);
    for (const Method& method : methods)
      if (method.interface == interface && (method.where & request.where) != 0) xml += described(method);
    if (interface == bus_item && request.where == root)
      xml += "  <signal name=\"ItemsChanged\">\n   <arg type=\"a{sa{sv}}\"/>\n  </signal>\n";
    xml += " </interface>\n";
  }
  xml += children(request) + "</node>\n";
  reply.append("s", xml.c_str());
}

/// What is at the called path; empty: nothing.
std::optional<Request> located(sd_bus_message* call, items::ItemTree& tree) {
  const std::string_view path = sd_bus_message_get_path(call);
  if (path == "/") return Request{call, tree, path, {}, tree.below(path), root};
  if (const auto id = tree.find(path)) {
    const auto& write = tree[*id].write;
    return Request{call, tree, path, id, {}, write && write->range ? ranged_leaf : leaf};
  }
  const auto below = tree.below(path);
  if (below.empty()) return std::nullopt;
  return Request{call, tree, path, {}, below, node};
}

/// The method that is meant. D-Bus allows calls without an interface.
const Method* called_method(const Request& request) {
  const char* interface = sd_bus_message_get_interface(request.call);
  const std::string_view name = sd_bus_message_get_member(request.call);
  for (const Method& method : methods) {
    const bool meant = name == method.name && (!interface || std::string_view{interface} == method.interface);
    if (meant && (method.where & request.where) != 0) return &method;
  }
  return nullptr;
}

/// Some scripts hand the value to SetValue bare instead of in a variant; whatever is one complete type is looked at.
bool arguments_fit(sd_bus_message* call, const Method& method) {
  const std::string_view given = sd_bus_message_get_signature(call, 1);
  return *method.in == 0 ? given.empty() : given == method.in || given.size() == 1 || given == "ai";
}

/// Appends what was asked for to the reply, or does what was asked for. Negative: an errno.
int carry_out(const Request& request, const Method& method, CallGate& gate) {
  const bool is_heard = sd_bus_message_get_expect_reply(request.call) > 0;
  const bool is_question = *method.in == 0;
  if (is_question && !is_heard) return 1;
  sd_bus_message* raw_reply = nullptr;
  if (const int result = sd_bus_message_new_method_return(request.call, &raw_reply); result < 0) return result;
  const Message reply{raw_reply};
  MessageWriter writer{raw_reply};
  method.answer(request, writer);
  if (writer.result() < 0) return writer.result();
  if (!is_heard) return 1;
  gate.charge(request.call, writer.bytes());
  return sd_bus_send(nullptr, raw_reply, nullptr);
}

int answer(sd_bus_message* call, items::ItemTree& tree, CallGate& gate) {
  tree.refresh();
  const auto request = located(call, tree);
  if (!request)
    return sd_bus_reply_method_errorf(call, SD_BUS_ERROR_UNKNOWN_OBJECT, "No item at or below %s",
                                      sd_bus_message_get_path(call));
  const Method* method = called_method(*request);
  if (!method)
    return sd_bus_reply_method_errorf(call, SD_BUS_ERROR_UNKNOWN_METHOD, "%s has no method %s",
                                      sd_bus_message_get_path(call), sd_bus_message_get_member(call));
  if (!arguments_fit(call, *method))
    return sd_bus_reply_method_errorf(call, SD_BUS_ERROR_INVALID_ARGS, "%s takes '%s'", method->name, method->in);
  return carry_out(*request, *method, gate);
}

// Far more than a battery ever has to say. Whoever writes more often than that wakes nobody more often.
constexpr auto pace = std::chrono::milliseconds{100};
constexpr int at_once = 10;

constexpr auto time_to_be_heard = std::chrono::seconds{2};

}  // namespace

BusItemService::BusItemService(BusConnection& bus, items::ItemTree& tree)
    : bus_{bus}, tree_{tree}, sending_{bus.loop(), at_once, pace, [this] { send(); }} {
  sd_bus_slot* slot = nullptr;
  const int result = sd_bus_add_fallback(bus_.raw(), &slot, "/", &BusItemService::on_call, this);
  if (result < 0) throw sdbus::createError(-result, "Cannot offer the items");
  slot_.reset(slot);
  bus_.on_room([this] { send_what_waits(); });
}

BusItemService::~BusItemService() { bus_.on_room({}); }

void BusItemService::send_changes(Haste haste, Copies copies) {
  wanted_ = true;
  must_be_heard_ = must_be_heard_ || haste == Haste::must_be_heard;
  copies_due_ = copies_due_ || copies == Copies::as_well;
  if (!bus_.is_busy()) return send_what_waits();
  if (must_be_heard_) bus_.must_be_read_within(time_to_be_heard);
}

std::span<const items::ItemTree::Id> BusItemService::due_copies() const {
  return copies_due_ ? tree_.changed_copies() : std::span<const items::ItemTree::Id>{};
}

void BusItemService::send_what_waits() {
  if (!wanted_) return;
  if (tree_.changed().empty() && due_copies().empty()) {
    wanted_ = copies_due_ = false;
    return;
  }
  sending_.ask();
}

void BusItemService::send() {
  if (bus_.is_busy()) return;  // on_room() comes
  wanted_ = false;
  sd_bus_message* raw_signal = nullptr;
  int result = sd_bus_message_new_signal(bus_.raw(), &raw_signal, "/", bus_item, "ItemsChanged");
  const Message signal{raw_signal};
  if (result >= 0) {
    MessageWriter writer{raw_signal};
    writer.open('a', "{sa{sv}}");
    for (const auto list : {tree_.changed(), due_copies()})
      for (const items::ItemTree::Id id : list) writer.append_item(tree_[id], false);
    writer.close();
    result = writer.result() < 0 ? writer.result() : sd_bus_send(bus_.raw(), raw_signal, nullptr);
  }
  // What could not be sent stays noted as changed, and goes with the next signal.
  if (result < 0) return spdlog::warn("Cannot send changes to the bus: {}", std::generic_category().message(-result));
  tree_.clear_changes();
  if (std::exchange(copies_due_, false)) tree_.clear_changed_copies();
  bus_.arm();
  if (std::exchange(must_be_heard_, false)) bus_.must_be_read_within(time_to_be_heard);
}

int BusItemService::on_call(sd_bus_message* call, void* self, sd_bus_error* error) {
  auto& service = *static_cast<BusItemService*>(self);
  try {
    const int result = answer(call, service.tree_, service.bus_.gate());
    service.send_changes();  // an accepted write is followed by its signal
    return result < 0 ? result : 1;
  } catch (const std::exception& failure) {
    // Nothing may be thrown through the C library.
    return sd_bus_error_set(error, SD_BUS_ERROR_FAILED, failure.what());
  }
}

}  // namespace bms::bus
