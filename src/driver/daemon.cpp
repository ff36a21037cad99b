#include "driver/daemon.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <memory>

#include "config/config.hpp"
#include "driver/log.hpp"
#include "driver/memory.hpp"
#include "driver/poll_loop.hpp"
#include "driver/repeats.hpp"
#include "driver/settings.hpp"
#include "driver/watchdog.hpp"
#include "link/capture.hpp"
#include "link/port.hpp"
#include "link/serial_link.hpp"
#include "registry.hpp"
#include "venus/battery_service.hpp"
#include "venus/bus_connection.hpp"
#include "venus/device_id.hpp"
#include "venus/settings_client.hpp"

namespace bms::driver {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto watchdog_limit = 15s;    // the longest poll, every question unanswered, takes half of it
constexpr auto detection_time = 2s;     // no new attempt is begun after this; the last may take 3 s more
constexpr auto first_retry_pause = 5s;  // on a port that is ours alone, when nobody answers at the start
constexpr auto longest_retry_pause = 60s;
constexpr auto reopen_pause = 500ms;
constexpr auto gone_limit = 10min;  // an adapter that is away for so long comes back as another one
constexpr auto settings_limit = 30s;
constexpr auto settled_after = 10s;  // consumers have scanned the service by then
constexpr std::uint64_t capture_limit_bytes = 10'000'000;
constexpr int identification_attempts = 10;

class Daemon final : public PollObserver {
 public:
  Daemon(const RunOptions& options, const config::Config& config, const Family& family);

  [[nodiscard]] ExitCode run();

 private:
  // The life of the daemon, in order.
  asio::awaitable<void> live();
  asio::awaitable<bool> find_battery();
  asio::awaitable<DeviceInfo> identify();
  void adopt(DeviceInfo device);
  asio::awaitable<bool> reopen(Error why);
  asio::awaitable<bool> same_device();

  // Bus and settings.
  void meet_settings();
  void enter_bus();
  void publish();
  void await_contact_change();
  void log_contact();

  void on_reading() override;
  void on_fault(const Error& why) override;
  void on_poll_end() override { watchdog_.feed(); }

  void finish(ExitCode code);
  [[nodiscard]] std::string identity() const;

  const config::Config& config_;
  const Family& family_;
  link::Port port_;
  config::Settings settings_;
  std::optional<double> interval_s_;

  asio::io_context loop_{1};
  asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  asio::steady_timer contact_timer_{loop_};
  asio::steady_timer settings_timer_{loop_};
  asio::steady_timer settled_timer_{loop_};
  Watchdog watchdog_{watchdog_limit};
  venus::BusConnection bus_{loop_};

  link::SerialLink serial_;
  std::optional<link::CaptureLink> capture_;
  link::Link& line_;
  std::unique_ptr<Protocol> protocol_;
  Session session_{line_};
  Pipeline pipeline_;
  PollLoop poll_loop_{line_, *protocol_, session_, pipeline_, *this};
  Repeats repeats_;
  Contact logged_contact_ = Contact::never;

  std::optional<venus::SettingsClient> settings_client_;
  std::optional<venus::ServiceFacts> facts_;
  std::optional<venus::BatteryItems> items_;
  std::optional<venus::BatteryService> service_;
  ExitCode exit_code_ = ExitCode::stopped;
};

link::Link& recorded(link::Link& line, const std::string& file, std::optional<link::CaptureLink>& capture) {
  if (file.empty()) return line;
  auto created = link::CaptureFile::create(file, capture_limit_bytes);
  if (!created) throw std::runtime_error(created.error().message);
  return capture.emplace(line, *std::move(created));
}

Daemon::Daemon(const RunOptions& options, const config::Config& config, const Family& family)
    : config_(config),
      family_(family),
      port_(link::port_of(options.tty)),
      settings_(config.settings_for(port_.name, "")),
      interval_s_(options.interval_s),
      serial_(loop_, port_.path, family.variants[0].baud),
      line_(recorded(serial_, options.capture_file, capture_)),
      protocol_(family.make({.variant = family.variants[0]})),
      pipeline_(protocol_->bounds(), staleness_of(settings_), charge_config_of(settings_)) {}

ExitCode Daemon::run() {
  signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
    if (cancelled) return;
    spdlog::info("stopping on signal {}", signal);
    finish(ExitCode::stopped);
  });
  bus_.on_lost([this](const std::string& why) {
    spdlog::error("lost the bus: {}", why);
    finish(ExitCode::lost);
  });
  asio::co_spawn(loop_, live(), [this](const std::exception_ptr& problem) {
    if (problem) std::rethrow_exception(problem);
  });
  loop_.run();
  return exit_code_;
}

void Daemon::finish(ExitCode code) {
  exit_code_ = code;
  loop_.stop();
}

asio::awaitable<void> Daemon::live() {
  spdlog::info("{}: looking for a {} BMS at {} baud", port_.path, family_.name, family_.variants[0].baud);
  if (!co_await find_battery()) co_return finish(ExitCode::not_found);
  adopt(co_await identify());
  meet_settings();

  const auto interval = milliseconds(interval_s_.value_or(settings_.poll_interval_s));
  watchdog_.feed(watchdog_limit + std::chrono::ceil<std::chrono::seconds>(interval));
  for (;;) {
    Error why = co_await poll_loop_.run(interval);
    if (!co_await reopen(std::move(why))) co_return finish(ExitCode::not_found);
  }
}

asio::awaitable<bool> Daemon::find_battery() {
  const bool ours_alone = link::claim_on(port_) == link::Claim::owner;
  for (auto pause = Clock::duration(first_retry_pause);;
       pause = std::min<Clock::duration>(2 * pause, longest_retry_pause)) {
    const TimePoint began = line_.now();
    Result<void> usable = line_.open();
    while (usable && pipeline_.battery().contact == Contact::never && line_.now() - began < detection_time) {
      usable = co_await poll_loop_.cycle();
    }
    if (pipeline_.battery().contact != Contact::never) co_return true;
    if (!usable) on_fault(usable.error());
    if (!ours_alone) {
      spdlog::info("{}: no {} BMS answers", port_.path, family_.name);
      co_return false;
    }
    watchdog_.feed();
    for (const TimePoint until = line_.now() + pause; line_.now() < until; watchdog_.feed()) {
      co_await line_.sleep_until(std::min(until, line_.now() + watchdog_limit / 3));
    }
  }
}

asio::awaitable<DeviceInfo> Daemon::identify() {
  // On a line that damages frames a serial number must be heard twice: it decides under which number the battery is
  // known. One that was lost is no sign that there is none.
  DeviceInfo heard;
  for (int left = identification_attempts; left > 0; --left) {
    const std::uint64_t damaged_before = session_.statistics().damaged;
    const auto query = protocol_->identify();
    const auto ran = co_await session_.run(*query);
    watchdog_.feed();
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

std::string Daemon::identity() const {
  const std::string& serial = pipeline_.battery().device.serial;
  return serial.empty() ? std::string() : pipeline_.battery().device.family + ":" + serial;
}

void Daemon::adopt(DeviceInfo device) {
  if (device.family.empty()) device.family = family_.name;
  spdlog::info(
      "found {} {}, {} cells, firmware {}, identity {}", device.family, device.model, pipeline_.battery().cell_count,
      device.firmware.empty() ? "unknown" : device.firmware,
      device.serial.empty() ? "none, known by its port " + port_.location : device.family + ":" + device.serial);
  pipeline_.identify(std::move(device));
  settings_ = config_.settings_for(port_.name, identity());
  pipeline_.configure(staleness_of(settings_), charge_config_of(settings_), line_.now());
}

asio::awaitable<bool> Daemon::reopen(Error why) {
  spdlog::warn("{}; waiting for the port", why.message);
  for (const TimePoint began = line_.now(); line_.now() - began < gone_limit;) {
    watchdog_.feed();
    if (line_.open()) {
      spdlog::info("{} is back", port_.path);
      co_return co_await same_device();
    }
    co_await line_.sleep_until(line_.now() + reopen_pause);
  }
  spdlog::error("{} does not come back", port_.path);
  co_return false;
}

asio::awaitable<bool> Daemon::same_device() {
  const std::string serial_before = pipeline_.battery().device.serial;
  if (serial_before.empty()) co_return true;  // known by its port, and this is the port
  const DeviceInfo device = co_await identify();
  if (device.serial.empty() || device.serial == serial_before) co_return true;
  spdlog::error("another BMS is on {} now: serial {}, was {}; starting anew", port_.path, device.serial, serial_before);
  co_return false;
}

void Daemon::meet_settings() {
  const DeviceInfo& device = pipeline_.battery().device;
  std::string id = venus::settings_id(device.family, device.serial.empty() ? port_.location : device.serial);
  if (!venus::claim_device(bus_, id)) {
    const std::string with_port = venus::settings_id(device.family, device.serial + "_" + port_.name);
    spdlog::warn("another battery is known as {} already; this one becomes {}", id, with_port);
    id = with_port;
    if (!venus::claim_device(bus_, id)) {
      spdlog::error("{} is taken as well; is another driver running on this port?", id);
      return finish(ExitCode::lost);
    }
  }
  settings_timer_.expires_after(settings_limit);
  settings_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    spdlog::error("no answer from com.victronenergy.settings within {} s", settings_limit.count());
    finish(ExitCode::lost);
  });
  settings_client_.emplace(bus_, id,
                           venus::SettingsClient::Callbacks{.on_instance =
                                                                [this](int instance, std::string custom_name) {
                                                                  settings_timer_.cancel();
                                                                  facts_ = venus::ServiceFacts{
                                                                      .tty_name = port_.name,
                                                                      .connection = port_.path,
                                                                      .version = BMS_VERSION,
                                                                      .device_instance = instance,
                                                                      .custom_name = std::move(custom_name)};
                                                                  enter_bus();
                                                                },
                                                            .on_custom_name =
                                                                [this](const std::string& name) {
                                                                  if (service_) service_->set_custom_name(name);
                                                                }});
}

void Daemon::enter_bus() {
  // Nothing is allowed, and nothing is shown, before a complete reading that is still true.
  if (service_ || !facts_ || pipeline_.battery().contact != Contact::fresh) return;
  items_.emplace(*facts_, pipeline_.battery());
  service_.emplace(bus_, *items_, [this](const std::string& name) { settings_client_->set_custom_name(name); });
  service_->publish(pipeline_.battery(), pipeline_.limits());
  if (!service_->register_name()) {
    spdlog::error("{} is on the bus already; is another driver running on this port?", service_->name());
    return finish(ExitCode::lost);
  }
  spdlog::info("on the bus as {}, instance {}", service_->name(), facts_->device_instance);
  settled_timer_.expires_after(settled_after);
  settled_timer_.async_wait([](const boost::system::error_code& cancelled) {
    if (!cancelled) give_back_startup_memory();
  });
}

void Daemon::publish() {
  log_contact();
  if (service_) service_->publish(pipeline_.battery(), pipeline_.limits());
}

void Daemon::on_reading() {
  enter_bus();
  publish();
  await_contact_change();
}

void Daemon::on_fault(const Error& why) {
  if (const auto number = repeats_.hit(why.kind, line_.now())) {
    const bool again = *number > 1;
    spdlog::warn("no reading ({}): {}{}", name_of(why.kind), why.message,
                 again ? " (number " + std::to_string(*number) + ")" : "");
  }
}

void Daemon::await_contact_change() {
  // The timer is not moved with every reading: it fires once in a while, finds contact fresh, and looks further.
  const auto due = pipeline_.next_change(line_.now());
  if (!due || (contact_timer_.expiry() > line_.now() && contact_timer_.expiry() <= *due)) return;
  contact_timer_.expires_at(*due);
  contact_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    pipeline_.time_passes(line_.now());
    publish();
    await_contact_change();
  });
}

void Daemon::log_contact() {
  const Contact contact = pipeline_.battery().contact;
  if (contact == logged_contact_) return;
  switch (contact) {
    case Contact::never: break;
    case Contact::fresh:
      if (logged_contact_ != Contact::never) spdlog::info("contact is steady again");
      break;
    case Contact::stale:
      spdlog::warn("the BMS does not answer: measurements are invalid, charging is not allowed");
      break;
    case Contact::releasing: spdlog::error("the BMS is lost: neither charging nor discharging is allowed"); break;
    case Contact::lost: spdlog::error("the BMS is lost: the battery is no longer managed"); break;
    case Contact::returning: spdlog::info("the BMS answers again, limits rise slowly"); break;
  }
  logged_contact_ = contact;
}

}  // namespace

ExitCode run_daemon(const RunOptions& options) {
  set_up_log();
  const Family* family = find_family(options.bms);
  if (family == nullptr) {
    spdlog::error("there is no BMS family \"{}\", expected one of: {}", options.bms, family_names());
    return ExitCode::configuration;
  }
  const config::Config config =
      options.config_file.empty() ? config::Config() : config::Config::read_file(options.config_file);
  for (const config::Fault& fault : config.faults()) {
    spdlog::error("{}:{}: {}", options.config_file, fault.line, fault.message);
  }
  if (!config.faults().empty()) return ExitCode::configuration;

  try {
    return Daemon(options, config, *family).run();
  } catch (const std::exception& problem) {
    spdlog::critical("{}", problem.what());
    return ExitCode::lost;
  }
}

}  // namespace bms::driver
