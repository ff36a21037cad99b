#include "driver/daemon.hpp"

#include <sdbus-c++/Error.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <stdexcept>

#include "driver/log.hpp"
#include "driver/outlets.hpp"
#include "driver/ports.hpp"
#include "driver/process_line.hpp"
#include "driver/service_manager.hpp"
#include "files/footprint.hpp"
#include "files/handed_over.hpp"

namespace bms::driver {

namespace asio = boost::asio;

namespace {

class Daemon {
 public:
  Daemon(const RunOptions& options, const config::Config& config);

  [[nodiscard]] ExitCode run();

 private:
  void finish(ExitCode code);

  std::vector<link::Port> ports_;
  MemoryPlaces places_;
  asio::io_context loop_{1};
  asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  Watchdog watchdog_;
  ServiceManager manager_{loop_};
  Outlets outlets_;
  Ways ways_;
  Process process_;
  std::vector<std::unique_ptr<ProcessLine>> lines_;
  std::size_t living_ = 0;  ///< lines that have not ended
  ExitCode exit_code_ = ExitCode::stopped;
};

Daemon::Daemon(const RunOptions& options, const config::Config& config)
    : ports_(ports_of(options, config)),
      places_{.lasting = options.state_directory, .in_memory = options.run_directory},
      outlets_(loop_, options, config, ports_),
      ways_(loop_, config, [this] { finish(ExitCode::lost); }),
      process_{.loop = loop_,
               .options = options,
               .config = config,
               .places = places_,
               .watchdog = watchdog_,
               .outlets = outlets_,
               .one_line = ports_.size() == 1,
               .give_up = [this] { finish(ExitCode::lost); }} {
  for (const link::Port& port : ports_) lines_.push_back(std::make_unique<ProcessLine>(process_, port, ways_.to(port)));
}

ExitCode Daemon::run() {
  signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
    if (cancelled) return;
    spdlog::info("stopping on signal {}", signal);
    finish(ExitCode::stopped);
  });
  living_ = lines_.size();
  for (const auto& line : lines_) {
    asio::co_spawn(loop_, line->live(), [this](const std::exception_ptr& problem) {
      if (problem) std::rethrow_exception(problem);
      if (--living_ == 0) finish(ExitCode::not_found);
    });
  }
  files::give_back_startup_memory();  // of the command line and the configuration
  manager_.ready();
  loop_.run();
  manager_.stopping();
  for (const auto& line : lines_) line->end();
  outlets_.stop();
  return exit_code_;
}

void Daemon::finish(ExitCode code) {
  exit_code_ = code;
  loop_.stop();
}

}  // namespace

std::string usual_state_directory() { return files::handed_over("STATE_DIRECTORY", "/data/dbus-bms"); }

std::string usual_run_directory() { return files::handed_over("RUNTIME_DIRECTORY", "/run/dbus-bms"); }

namespace {

/// Whether [mqtt] names a broker that cannot be one; the line before has said so.
bool names_broker_in_vain(const config::Config& config) {
  return std::ranges::any_of(config.faults(), [](const auto& fault) { return fault.message.starts_with("host = "); });
}

/// There is no bus, or none that has a place for us. Whoever has no Venus OS may not know what else there is.
ExitCode without_bus(std::string why, const RunOptions& options, const config::Config& config) {
  if (!why.ends_with('?')) why += '.';
  const bool has_broker = !options.mqtt_host.empty() || !config.section<mqtt::Config>().host.empty();
  if (has_broker) {
    spdlog::critical("no bus: {} With `dbus = auto` the broker is enough", why);
    return ExitCode::lost;
  }
  if (names_broker_in_vain(config)) {
    spdlog::critical("no bus: {} And the broker in {} cannot be used, see above", why, options.config_file);
    return ExitCode::configuration;
  }
  spdlog::critical(
      "no bus: {} Without Venus OS name a broker: host of [mqtt] in config.ini, or --mqtt-host HOST; see docs/mqtt.md",
      why);
  return ExitCode::lost;
}

}  // namespace

ExitCode run_daemon(const RunOptions& options) {
  set_up_log();
  const config::Config config =
      options.config_file.empty() ? config::Config() : config::Config::read_file(options.config_file);
  // What is faulty has its fallback, which allows less and not more: a battery without its driver would be worse off.
  log_faults(config);

  try {
    const link::Port first = ports_of(options, config).front();
    set_log_level(config.settings_for({first.name, first.by_address()}).log_level);
    return Daemon(options, config).run();
  } catch (const std::invalid_argument& mistake) {
    spdlog::error("{}", mistake.what());
    return ExitCode::configuration;
  } catch (const sdbus::Error& problem) {
    return without_bus(problem.getMessage(), options, config);  // what() has the name of the error as well
  } catch (const std::exception& problem) {
    spdlog::critical("{}", problem.what());
    return ExitCode::lost;
  }
}

}  // namespace bms::driver
