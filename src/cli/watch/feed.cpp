#include "cli/watch/feed.hpp"

#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include "bus/bus_value.hpp"

namespace bms::cli {
namespace {

using Properties = std::map<std::string, sdbus::Variant>;
using Items = std::map<std::string, Properties>;

constexpr const char* bus_item = "com.victronenergy.BusItem";
constexpr auto reply_timeout = std::chrono::seconds{5};
constexpr auto retry_after = std::chrono::seconds{1};

bool take(WatchModel& model, const std::string& path, const Properties& properties) {
  const auto value = properties.find("Value");
  const auto initial = properties.find("Default");
  const bool new_initial = initial != properties.end() && model.set_initial(path, bus::from_variant(initial->second));
  return (value != properties.end() && model.set(path, bus::from_variant(value->second))) || new_initial;
}

}  // namespace

WatchFeed::WatchFeed(boost::asio::io_context& io, bus::BusConnection& bus, std::string service,
                     std::function<void()> on_change)
    : bus_(bus),
      service_(std::move(service)),
      on_change_(std::move(on_change)),
      retry_(io),
      root_(sdbus::createProxy(bus.sdbus(), service_, "/")) {
  // Before the first question, so that no change falls between the answer and the subscription.
  signals_ = bus.sdbus().addMatch("type='signal',sender='" + service_ + "',interface='" + bus_item + "'",
                                  [this](sdbus::Message& signal) { take_signal(signal); });
  appeared();
}

void WatchFeed::left() {
  ++generation_;
  complete_ = false;
  model_.clear();
  retry_.cancel();
}

void WatchFeed::appeared() {
  left();
  call("GetItems");
}

void WatchFeed::call(const char* method) {
  const bool items = std::string_view(method) == "GetItems";
  auto message = root_->createMethodCall(bus_item, method);
  const auto on_reply = [this, items, generation = generation_](sdbus::MethodReply& reply, const sdbus::Error* error) {
    if (generation != generation_) return;
    if (error == nullptr) return take_reply(reply, items);
    const bool unknown = error->getName() == "org.freedesktop.DBus.Error.UnknownMethod";
    if (unknown && items) return call("GetValue");
    read_later();
  };
  root_->callMethod(message, on_reply, std::chrono::microseconds(reply_timeout).count());
  bus_.arm();
}

void WatchFeed::read_later() {
  retry_.expires_after(retry_after);
  retry_.async_wait([this, generation = generation_](const boost::system::error_code& error) {
    if (!error && generation == generation_) call("GetItems");
  });
}

void WatchFeed::take_reply(sdbus::MethodReply& reply, bool items) {
  try {
    if (items) {
      take_items(reply);
    } else {
      take_tree(reply);
    }
  } catch (const sdbus::Error&) {
    return read_later();  // not the shape that the method promises
  }
  complete_ = true;
  on_change_();
}

void WatchFeed::take_signal(sdbus::Message& signal) {
  bool changed = false;
  try {
    const std::string member = signal.getMemberName();
    const std::string path = signal.getPath();
    if (member == "ItemsChanged" && path == "/") changed = take_items(signal);
    if (member == "PropertiesChanged") changed = take_leaf(signal, path);
  } catch (const sdbus::Error&) {
    return;
  }
  if (changed && complete_) on_change_();
}

bool WatchFeed::take_items(sdbus::Message& message) {
  Items items;
  message >> items;
  bool changed = false;
  for (const auto& [path, properties] : items) changed = take(model_, path, properties) || changed;
  return changed;
}

bool WatchFeed::take_leaf(sdbus::Message& message, const std::string& path) {
  Properties properties;
  message >> properties;
  return take(model_, path, properties);
}

void WatchFeed::take_tree(sdbus::Message& message) {
  sdbus::Variant tree;
  message >> tree;
  for (const auto& [path, value] : tree.get<Properties>())
    model_.set(path.starts_with('/') ? path : "/" + path, bus::from_variant(value));
}

}  // namespace bms::cli
