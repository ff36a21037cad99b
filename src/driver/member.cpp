#include "driver/member.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "driver/memory.hpp"
#include "driver/settings.hpp"
#include "venus/device_id.hpp"

namespace bms::driver {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto settings_limit = 30s;
constexpr auto settled_after = 10s;  // consumers have scanned the service by then
constexpr int identification_attempts = 10;

}  // namespace

Member::Member(const Surroundings& around, std::string name, const Candidate& candidate,
               std::unique_ptr<Protocol> protocol)
    : around_(around),
      name_(std::move(name)),
      log_name_(name_ == around_.port.name ? "" : name_ + ": "),
      family_(*candidate.family),
      protocol_(std::move(protocol)),
      settings_(around_.config.settings_for({around_.port.name, name_})),
      session_(around_.line),
      pipeline_(protocol_->bounds(), staleness_of(settings_), settings_.charge),
      poll_loop_(around_.line, *protocol_, session_, pipeline_, *this),
      contact_timer_(around_.loop),
      settings_timer_(around_.loop),
      settled_timer_(around_.loop),
      bus_(around_.loop) {
  bus_.on_lost([this](const std::string& why) {
    spdlog::error("lost the bus: {}", why);
    around_.finish(ExitCode::lost);
  });
}

asio::awaitable<Result<void>> Member::cycle() {
  if (auto polled = co_await poll_loop_.cycle(); !polled) co_return polled;
  if (known() && !adopted_) {
    adopted_ = true;
    adopt(co_await identify());
    meet_settings();
  }
  co_return Result<void>{};
}

config::Settings Member::settings_now() const {
  return around_.config.settings_for({around_.port.name, name_, identity()});
}

/// Where it is, when it cannot say who it is.
std::string Member::location() const {
  const std::string& port_name = around_.port.name;
  return around_.port.location + name_.substr(std::min(port_name.size(), name_.size()));
}

asio::awaitable<DeviceInfo> Member::identify() {
  // On a line that damages frames a serial number must be heard twice: it decides under which number the battery is
  // known. One that was lost is no sign that there is none.
  DeviceInfo heard;
  for (int left = identification_attempts; left > 0; --left) {
    const std::uint64_t damaged_before = session_.statistics().damaged;
    const auto query = protocol_->identify();
    const auto ran = co_await session_.run(*query);
    around_.watchdog.feed();
    if (!ran) break;
    auto device = query->result();
    if (!device) continue;
    const bool clean = !poll_loop_.line_noisy() && session_.statistics().damaged == damaged_before;
    const bool confirmed = !device->serial.empty() && device->serial == heard.serial;
    if (clean || confirmed) co_return *std::move(device);
    if (heard.serial.empty() || !device->serial.empty()) heard = *std::move(device);
  }
  heard.serial.clear();
  co_return heard;
}

std::string Member::identity() const {
  const std::string& serial = pipeline_.battery().device.serial;
  return serial.empty() ? std::string() : pipeline_.battery().device.family + ":" + serial;
}

void Member::adopt(DeviceInfo device) {
  if (device.family.empty()) device.family = family_.title;
  spdlog::info("{}found {} {}, {} cells, firmware {}, identity {}", log_name_, device.family, device.model,
               pipeline_.battery().cell_count, device.firmware.empty() ? "unknown" : device.firmware,
               device.serial.empty() ? "none, known by its port " + location() : device.family + ":" + device.serial);
  pipeline_.identify(std::move(device));
  settings_ = settings_now();
  pipeline_.configure(staleness_of(settings_), settings_.charge, around_.line.now());
}

asio::awaitable<bool> Member::still_the_same() {
  const std::string serial_before = pipeline_.battery().device.serial;
  if (serial_before.empty()) co_return true;  // known by its port, and this is the port
  const DeviceInfo device = co_await identify();
  if (device.serial.empty() || device.serial == serial_before) co_return true;
  spdlog::error("another BMS is on {} now: serial {}, was {}; starting anew", name_, device.serial, serial_before);
  co_return false;
}

void Member::meet_settings() {
  const DeviceInfo& device = pipeline_.battery().device;
  std::string id = venus::settings_id(device.family, device.serial.empty() ? location() : device.serial);
  if (!venus::claim_device(bus_, id)) {
    const std::string with_port = venus::settings_id(device.family, device.serial + "_" + name_);
    spdlog::warn("another battery is known as {} already; this one becomes {}", id, with_port);
    id = with_port;
    if (!venus::claim_device(bus_, id)) {
      spdlog::error("{} is taken as well; is another driver running on this port?", id);
      return around_.finish(ExitCode::lost);
    }
  }
  settings_timer_.expires_after(settings_limit);
  settings_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    spdlog::error("no answer from com.victronenergy.settings within {} s", settings_limit.count());
    around_.finish(ExitCode::lost);
  });
  const auto take_known = [this](const venus::BatterySettings::Known& known) {
    settings_timer_.cancel();
    user_settings_ = known.user;
    facts_ = venus::ServiceFacts{.tty_name = name_,
                                 .connection = around_.port.path,
                                 .version = BMS_VERSION,
                                 .device_instance = known.device_instance,
                                 .custom_name = known.custom_name};
    enter_bus();
  };
  settings_client_.emplace(bus_, id, user_bounds_of(settings_),
                           venus::BatterySettings::Callbacks{.on_known = take_known,
                                                             .on_custom_name =
                                                                 [this](const std::string& name) {
                                                                   if (service_) service_->set_custom_name(name);
                                                                 },
                                                             .on_user_settings =
                                                                 [this](const UserSettings& user) {
                                                                   user_settings_ = user;
                                                                   if (service_) service_->set_user_settings(user);
                                                                 }});
}

void Member::enter_bus() {
  // Nothing is allowed, and nothing is shown, before a complete reading that is still true.
  if (service_ || !facts_ || pipeline_.battery().contact != Contact::fresh) return;
  items_.emplace(*facts_, pipeline_.battery(), user_bounds_of(settings_));
  items_->set_user_settings(user_settings_);
  venus::WriteHandlers handlers;
  handlers.custom_name = [this](const std::string& name) { settings_client_->set_custom_name(name); };
  handlers.user_settings = [this](const UserSettings& user) {
    user_settings_ = user;
    settings_client_->set_user_settings(user);
  };
  service_.emplace(bus_, *items_, std::move(handlers));
  service_->publish(pipeline_.battery(), pipeline_.limits());
  if (!service_->register_name()) {
    spdlog::error("{} is on the bus already; is another driver running on this port?", service_->name());
    return around_.finish(ExitCode::lost);
  }
  spdlog::info("on the bus as {}, instance {}", service_->name(), facts_->device_instance);
  settled_timer_.expires_after(settled_after);
  settled_timer_.async_wait([](const boost::system::error_code& cancelled) {
    if (!cancelled) give_back_startup_memory();
  });
}

void Member::publish() {
  log_contact();
  if (service_) service_->publish(pipeline_.battery(), pipeline_.limits());
}

void Member::on_reading() {
  enter_bus();
  publish();
  await_contact_change();
}

void Member::on_fault(const Error& why) {
  if (const auto number = repeats_.hit(why.kind, around_.line.now())) {
    const bool again = *number > 1;
    spdlog::warn("{}no reading ({}): {}{}", log_name_, name_of(why.kind), why.message,
                 again ? " (number " + std::to_string(*number) + ")" : "");
  }
}

void Member::await_contact_change() {
  // The timer is not moved with every reading: it fires once in a while, finds contact fresh, and looks further.
  const auto due = pipeline_.next_change(around_.line.now());
  if (!due || (contact_timer_.expiry() > around_.line.now() && contact_timer_.expiry() <= *due)) return;
  contact_timer_.expires_at(*due);
  contact_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    pipeline_.time_passes(around_.line.now());
    publish();
    await_contact_change();
  });
}

void Member::log_contact() {
  const Contact contact = pipeline_.battery().contact;
  if (contact == logged_contact_) return;
  switch (contact) {
    case Contact::never: break;
    case Contact::fresh:
      if (logged_contact_ != Contact::never) spdlog::info("{}contact is steady again", log_name_);
      break;
    case Contact::stale:
      spdlog::warn("{}the BMS does not answer: measurements are invalid, charging is not allowed", log_name_);
      break;
    case Contact::kept: break;
    case Contact::releasing:
      spdlog::error("{}the BMS is lost: neither charging nor discharging is allowed", log_name_);
      break;
    case Contact::lost: spdlog::error("{}the BMS is lost: the battery is no longer managed", log_name_); break;
    case Contact::returning: spdlog::info("{}the BMS answers again, limits rise slowly", log_name_); break;
  }
  logged_contact_ = contact;
}

}  // namespace bms::driver
