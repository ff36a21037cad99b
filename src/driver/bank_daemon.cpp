#include "driver/bank_daemon.hpp"

#include <sdbus-c++/Error.h>
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <memory>
#include <vector>

#include "bus/bus_connection.hpp"
#include "config/config.hpp"
#include "driver/log.hpp"
#include "driver/served_bank.hpp"
#include "driver/service_manager.hpp"
#include "files/atomic_file.hpp"
#include "files/footprint.hpp"
#include "mqtt/exporter.hpp"
#include "venus/bus_face.hpp"

namespace bms::driver {

namespace {

class BankDaemon {
 public:
  BankDaemon(const BankRunOptions& options, const config::Config& config, const std::vector<const config::Bank*>& banks)
      : broker_(loop_, config.section<mqtt::Config>(), "bank-" + files::file_name_of(banks.front()->name),
                options.state_directory),
        around_{.loop = loop_,
                .bus = bus_,
                .config = config,
                .watchdog = watchdog_,
                .state_directory = options.state_directory,
                .run_directory = options.run_directory} {
    bus_.on_lost([this](const std::string& why) {
      spdlog::error("lost the bus: {}", why);
      finish(ExitCode::lost);
    });
    bus_.on_calm(files::give_back_startup_memory);
    banks_.reserve(banks.size());
    for (const config::Bank* bank : banks) banks_.push_back(std::make_unique<ServedBank>(around_, *bank, faces()));
  }

  [[nodiscard]] ExitCode run() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
      if (cancelled) return;
      spdlog::info("stopping on signal {}", signal);
      finish(ExitCode::stopped);
    });
    begin_banks();
    if (banks_.empty()) return ExitCode::lost;
    files::give_back_startup_memory();
    manager_.ready();
    if (!finished_) loop_.run();
    manager_.stopping();
    for (const auto& bank : banks_) bank->end();
    banks_.clear();
    broker_.stop();
    return exit_code_;
  }

 private:
  /// One that cannot begin is no reason for the others to leave the bus.
  void begin_banks() {
    std::erase_if(banks_, [](const auto& bank) { return !begins(*bank); });
  }

  [[nodiscard]] static bool begins(ServedBank& bank) {
    try {
      return bank.begin();
    } catch (const std::exception& problem) {
      spdlog::critical("{}: {}", bank.name(), problem.what());
      return false;
    }
  }

  [[nodiscard]] std::vector<std::unique_ptr<Face>> faces() {
    std::vector<std::unique_ptr<Face>> all;
    all.push_back(std::make_unique<venus::BusFace>(loop_, [this] { finish(ExitCode::lost); }));
    if (broker_.works()) all.push_back(broker_.make_face());
    return all;
  }

  void finish(ExitCode code) {
    exit_code_ = code;
    finished_ = true;
    loop_.stop();
  }

  boost::asio::io_context loop_{1};
  boost::asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  Watchdog watchdog_;
  ServiceManager manager_{loop_};
  bus::BusConnection bus_{loop_};
  mqtt::Exporter broker_;
  BankSurroundings around_;
  std::vector<std::unique_ptr<ServedBank>> banks_;
  ExitCode exit_code_ = ExitCode::stopped;
  bool finished_ = false;
};

std::vector<const config::Bank*> banks_named(const config::Config& config, const std::string& name) {
  std::vector<const config::Bank*> banks;
  for (const config::Bank& bank : config.banks()) {
    if (name.empty() || bank.name == name) banks.push_back(&bank);
  }
  return banks;
}

std::string known_banks(const config::Config& config) {
  std::string known;
  for (const config::Bank& bank : config.banks()) known += (known.empty() ? "" : ", ") + bank.name;
  return known.empty() ? "none" : known;
}

}  // namespace

ExitCode run_banks(const BankRunOptions& options) {
  set_up_log();
  const config::Config config =
      options.config_file.empty() ? config::Config() : config::Config::read_file(options.config_file);
  log_faults(config);
  set_log_level(config.settings_for(std::initializer_list<std::string_view>{}).log_level);
  const auto banks = banks_named(config, options.name);
  if (banks.empty()) {
    spdlog::error("expected a section [bank {}] in the configuration, found {}; see docs/bank.md",
                  options.name.empty() ? "<name>" : options.name, known_banks(config));
    return ExitCode::configuration;
  }
  try {
    return BankDaemon(options, config, banks).run();
  } catch (const sdbus::Error& problem) {
    spdlog::critical("a bank needs D-Bus, also where [mqtt] names a broker: {}", problem.getMessage());
    return ExitCode::lost;
  } catch (const std::exception& problem) {
    spdlog::critical("{}", problem.what());
    return ExitCode::lost;
  }
}

}  // namespace bms::driver
