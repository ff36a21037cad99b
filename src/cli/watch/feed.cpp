#include "cli/watch/feed.hpp"

#include <chrono>
#include <utility>

namespace bms::cli {
namespace {

constexpr auto reply_timeout = std::chrono::seconds{5};
constexpr auto retry_after = std::chrono::seconds{1};

}  // namespace

WatchFeed::WatchFeed(boost::asio::io_context& io, bus::BusConnection& bus, std::string service,
                     std::function<void()> on_change)
    : bus_(bus), service_(std::move(service)), on_change_(std::move(on_change)), retry_(io) {
  // Before the first question, so that no change falls between the answer and the subscription.
  const std::string rule =
      "type='signal',sender='" + service_ + "',interface='" + std::string(bus::bus_item_interface) + "',member='";
  items_changed_ = bus::subscribe(bus_, rule + "ItemsChanged',path='/'", [this](sd_bus_message* signal) {
    take_items(signal);
    tell_of_changes();
  });
  properties_changed_ = bus::subscribe(bus_, rule + "PropertiesChanged'", [this](sd_bus_message* signal) {
    const auto take = [this](std::string_view path, const items::Incoming& value) { take_value(path, value); };
    bus::read_properties(signal, sd_bus_message_get_path(signal), take);
    tell_of_changes();
  });
  appeared();
}

void WatchFeed::left() {
  reading_ = {};
  retry_.cancel();
  complete_ = false;
  model_.clear();
}

void WatchFeed::appeared() {
  left();
  read();
}

void WatchFeed::read() {
  const auto ask = [this](std::string_view method, bus::Pending::Handler handler) {
    reading_ = bus::call(bus_, {service_, "/", bus::bus_item_interface, method}, reply_timeout, std::move(handler));
  };
  ask("GetItems", [this, ask](sd_bus_message* reply) {
    // Services of older libraries do not know GetItems.
    if (sd_bus_message_is_method_error(reply, SD_BUS_ERROR_UNKNOWN_METHOD) <= 0) {
      const bool is_error = sd_bus_message_is_method_error(reply, nullptr) > 0;
      return take_reading(!is_error && take_items(reply));
    }
    ask("GetValue", [this](sd_bus_message* tree) {
      const auto take = [this](std::string_view path, const items::Incoming& value) { take_value(path, value); };
      take_reading(sd_bus_message_is_method_error(tree, nullptr) <= 0 && bus::read_tree(tree, take));
    });
  });
}

void WatchFeed::read_later() {
  retry_.after(retry_after, [this] { read(); });
}

void WatchFeed::take_reading(bool understood) {
  if (!understood) return read_later();
  complete_ = true;
  changed_ = false;
  on_change_();
}

bool WatchFeed::take_items(sd_bus_message* message) {
  return bus::read_items(
      message, [this](std::string_view path, const items::Incoming& value) { take_value(path, value); },
      [this](std::string_view path, const items::Incoming& value) {
        changed_ = model_.set_initial(path, value) || changed_;
      });
}

void WatchFeed::take_value(std::string_view path, const items::Incoming& value) {
  changed_ = model_.set(path, value) || changed_;
}

void WatchFeed::tell_of_changes() {
  if (std::exchange(changed_, false) && complete_) on_change_();
}

}  // namespace bms::cli
