#include "bluetooth/bluez.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

#include "bus/bus_names.hpp"

namespace bms::bluetooth {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view service = "org.bluez";
constexpr std::string_view properties_interface = "org.freedesktop.DBus.Properties";
constexpr std::string_view manager_interface = "org.freedesktop.DBus.ObjectManager";

// BlueZ itself gives up a connection to what it does not hear after 40 s, which is longer than D-Bus usually waits.
constexpr auto connect_timeout = 60s;
constexpr auto usual_timeout = 10s;
constexpr auto read_again_after = 2s;

}  // namespace

Bluez::Bluez(boost::asio::io_context& loop, std::function<void(const std::string& why)> on_lost)
    : bus_(loop), retry_(loop) {
  bus_.on_lost(std::move(on_lost));
  owner_changes_ = bus::watch_owners(bus_, "arg0='org.bluez'", [this](const auto& /*name*/, const auto& owner) {
    owner_question_ = {};  // its answer would be older
    take_owner(owner);
  });
  owner_question_ = bus::ask_owner(bus_, std::string(service), [this](const std::string& owner) { take_owner(owner); });
}

void Bluez::take_owner(const std::string& owner) {
  if (owner == owner_) return;
  owner_ = owner;
  read_ = false;
  subscriptions_.clear();
  reading_ = {};
  retry_.cancel();
  objects_.clear();
  if (!owner_.empty()) follow_owner();
  tell();
}

/// The rules come first, so that nothing falls between what is read and what is heard.
void Bluez::follow_owner() {
  // By the unique name: libsystemd cannot tell whether a signal comes from the owner of another one.
  const std::string of_owner = "type='signal',sender='" + owner_ + "',";
  const std::string manager = of_owner + "path='/',interface='" + std::string(manager_interface) + "',member='";
  const std::string changed =
      of_owner + "interface='" + std::string(properties_interface) + "',member='PropertiesChanged',arg0='";
  const auto add = [this](const std::string& rule, void (Bluez::*read)(sd_bus_message*)) {
    subscriptions_.push_back(bus::subscribe(bus_, rule, [this, read](sd_bus_message* signal) {
      (this->*read)(signal);
      tell();
    }));
  };
  add(manager + "InterfacesAdded'", &Bluez::read_added);
  add(manager + "InterfacesRemoved'", &Bluez::read_removed);
  for (const std::string_view interface : {adapter_interface, device_interface})
    add(changed + std::string(interface) + "'", &Bluez::read_changed);
  ask_for_objects();
}

void Bluez::ask_for_objects() {
  reading_ =
      bus::call(bus_, {.service = owner_, .path = "/", .interface = manager_interface, .method = "GetManagedObjects"},
                usual_timeout, [this](sd_bus_message* reply) {
                  if (!error_of(reply)) return read_all(reply);
                  retry_.after(read_again_after, [this] { ask_for_objects(); });
                });
}

void Bluez::read_all(sd_bus_message* reply) {
  bus::read_objects(reply, [&](std::string_view path) {
    return objects_.wants(path) ? read_interfaces_of(reply, std::string(path)) : bus::skip_interfaces(reply);
  });
  read_ = true;
  tell();
}

bool Bluez::read_interfaces_of(sd_bus_message* message, const std::string& path) {
  return bus::read_interfaces(
      message, [&](std::string_view interface) { objects_.add(path, interface); },
      [&](std::string_view interface, std::string_view name, const bus::Property& value) {
        objects_.set(path, interface, name, value);
      });
}

void Bluez::read_added(sd_bus_message* signal) {
  const char* path = bus::read_path(signal);
  if (path && objects_.wants(path)) read_interfaces_of(signal, path);
}

void Bluez::read_removed(sd_bus_message* signal) {
  const char* path = bus::read_path(signal);
  if (path) bus::read_texts(signal, [&](std::string_view interface) { objects_.remove(path, interface); });
}

void Bluez::read_changed(sd_bus_message* signal) {
  const std::string path = sd_bus_message_get_path(signal);
  const char* const text = objects_.wants(path) ? bus::read_text(signal) : nullptr;
  if (text == nullptr) return;
  const std::string interface = text;
  bus::read_object_properties(
      signal, [&](std::string_view name, const bus::Property& value) { objects_.set(path, interface, name, value); });
}

Listening Bluez::follow(std::function<void()> on_news) {
  auto follower = std::make_shared<std::function<void()>>(std::move(on_news));
  followers_.push_back(follower);
  return follower;
}

void Bluez::tell() {
  std::erase_if(followers_, [](const auto& one) { return one.expired(); });
  for (const auto& one : followers_) {
    if (const auto follower = one.lock()) (*follower)();
  }
}

bus::Pending Bluez::listen(const std::string& characteristic, std::function<void(Bytes piece)> on_piece) {
  const std::string rule = "type='signal',sender='" + owner_ + "',interface='" + std::string(properties_interface) +
                           "',member='PropertiesChanged',path='" + characteristic + "'";
  return bus::subscribe(bus_, rule, [on_piece = std::move(on_piece)](sd_bus_message* signal) {
    const char* const interface = bus::read_text(signal);
    if (interface == nullptr || interface != characteristic_interface) return;
    if (const auto piece = bus::find_bytes(signal, "Value")) on_piece(*piece);
  });
}

bus::Pending Bluez::call(const bus::CallTarget& target, std::chrono::milliseconds timeout, Answered answered,
                         const std::function<void(bus::MessageWriter&)>& arguments) {
  const auto on_reply = [answered = std::move(answered)](sd_bus_message* reply) { answered(error_of(reply)); };
  return bus::call(bus_, target, timeout, on_reply, arguments);
}

bus::Pending Bluez::connect(const std::string& device, Answered answered) {
  return call({.service = service, .path = device, .interface = device_interface, .method = "Connect"}, connect_timeout,
              std::move(answered));
}

bus::Pending Bluez::start_notify(const std::string& characteristic, Answered answered) {
  return call(
      {.service = service, .path = characteristic, .interface = characteristic_interface, .method = "StartNotify"},
      usual_timeout, std::move(answered));
}

bus::Pending Bluez::write(const std::string& characteristic, Bytes piece, bool with_response, Answered answered) {
  return call(
      {.service = service, .path = characteristic, .interface = characteristic_interface, .method = "WriteValue"},
      usual_timeout, std::move(answered), [piece, with_response](bus::MessageWriter& writer) {
        writer.append_bytes(piece);
        writer.append("a{sv}", 1U, "type", "s", with_response ? "request" : "command");
      });
}

bus::Pending Bluez::ask_mtu(const std::string& characteristic,
                            std::function<void(std::optional<std::size_t> mtu)> answered) {
  return bus::call(
      bus_, {.service = service, .path = characteristic, .interface = properties_interface, .method = "Get"},
      usual_timeout,
      [answered = std::move(answered)](sd_bus_message* reply) {
        std::uint16_t mtu = 0;
        const bool said = !error_of(reply) && sd_bus_message_read(reply, "v", "q", &mtu) > 0 && mtu > 0;
        answered(said ? std::optional<std::size_t>(mtu) : std::nullopt);
      },
      [](bus::MessageWriter& writer) { writer.append("ss", std::string(characteristic_interface).c_str(), "MTU"); });
}

void Bluez::disconnect(const std::string& device) {
  bus::tell(bus_,
            bus::make_tell(
                bus_, {.service = service, .path = device, .interface = device_interface, .method = "Disconnect"}, {}));
}

void Bluez::forget(const std::string& device) {
  const std::string adapter = device.substr(0, device.rfind('/'));
  bus::tell(bus_,
            bus::make_tell(
                bus_, {.service = service, .path = adapter, .interface = adapter_interface, .method = "RemoveDevice"},
                [&device](bus::MessageWriter& writer) { writer.append("o", device.c_str()); }));
}

std::shared_ptr<Discovery> Bluez::discover(const std::string& adapter) {
  auto running = discovery_.lock();
  if (running && running->adapter() == adapter) return running;
  running = std::make_shared<Discovery>(bus_, adapter);
  discovery_ = running;
  return running;
}

std::shared_ptr<void> Bluez::keep_quiet() {
  auto quiet = quiet_.lock();
  if (!quiet) quiet_ = quiet = std::make_shared<bool>();
  return quiet;
}

}  // namespace bms::bluetooth
