#include "driver/bank_process.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "bms/timer.hpp"
#include "bus/bus_connection.hpp"
#include "bus/name_watch.hpp"
#include "config/source.hpp"
#include "driver/bank_packs.hpp"
#include "driver/log.hpp"
#include "driver/served_bank.hpp"
#include "driver/service_manager.hpp"
#include "driver/watchdog.hpp"
#include "files/footprint.hpp"
#include "mqtt/exporter.hpp"
#include "venus/bus_face.hpp"

namespace bms::driver {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto tick = 1s;
constexpr auto settled_after = 10s;

/// Services that are banks, and no packs.
std::set<std::string> services_of(const config::Config& config) {
  std::set<std::string> names;
  for (const config::BankSection& bank : config.banks())
    names.insert(std::string(FollowedPack::service_class) + place_of_bank(bank.name));
  return names;
}

class BankProcess {
 public:
  BankProcess(const BankOptions& options, const config::Config& config, std::vector<config::BankSection> banks);

  ExitCode run();

 private:
  void serve();
  void look();
  void finish(ExitCode code);

  const BankOptions& options_;
  const config::Config& config_;
  std::vector<config::BankSection> sections_;
  asio::io_context loop_{1};
  asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  Timer timer_{loop_}, settled_timer_{loop_};
  Watchdog watchdog_;
  Pulse pulse_{watchdog_, pulse_limit};
  ServiceManager manager_{loop_};
  bus::BusConnection bus_{loop_};
  BankPacks packs_;
  mqtt::Exporter broker_;
  std::optional<bus::NameWatch> names_;
  std::vector<std::unique_ptr<ServedBank>> banks_;
  ExitCode exit_code_ = ExitCode::stopped;
};

BankProcess::BankProcess(const BankOptions& options, const config::Config& config,
                         std::vector<config::BankSection> banks)
    : options_(options),
      config_(config),
      sections_(std::move(banks)),
      packs_(bus_, options.run_directory, services_of(config)),
      broker_(loop_, config.section<mqtt::Config>(), place_of_bank(sections_.front().name), options.state_directory) {}

ExitCode BankProcess::run() {
  signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
    if (cancelled) return;
    spdlog::info("stopping on signal {}", signal);
    finish(ExitCode::stopped);
  });
  bus_.on_lost([this](const std::string& why) {
    spdlog::error("lost the bus: {}", why);
    finish(ExitCode::lost);
  });
  bus_.on_calm(files::give_back_startup_memory);
  serve();
  names_.emplace(
      bus_, bus::NameWatch::Callbacks{.on_owner = [this](const std::string& name,
                                                         const std::string& owner) { packs_.take_owner(name, owner); },
                                      .on_complete = [this] { look(); }});
  settled_timer_.after(settled_after, files::give_back_startup_memory);
  manager_.ready();
  loop_.run();
  manager_.stopping();
  broker_.stop();
  return exit_code_;
}

void BankProcess::serve() {
  const BankSurroundings around{.packs = packs_,
                                .config = config_,
                                .state_directory = options_.state_directory,
                                .run_directory = options_.run_directory};
  for (const config::BankSection& section : sections_) {
    std::vector<std::unique_ptr<Face>> faces;
    faces.push_back(std::make_unique<venus::BusFace>(loop_, [this] { finish(ExitCode::lost); }));
    if (broker_.works()) faces.push_back(broker_.make_face());
    banks_.push_back(std::make_unique<ServedBank>(around, section, std::move(faces)));
  }
}

void BankProcess::look() {
  pulse_.beat();
  bus_.look_after_output();
  const auto now = FollowedPack::Clock::now();
  for (const auto& bank : banks_) bank->tick(now);
  timer_.after(tick, [this] { look(); });
}

void BankProcess::finish(ExitCode code) {
  exit_code_ = code;
  loop_.stop();
}

/// Those to serve. Empty: the log says why there is none.
std::vector<config::BankSection> chosen(const config::Config& config, const std::string& name) {
  std::vector<config::BankSection> banks;
  std::string known;
  for (config::BankSection& bank : config.banks()) {
    known += (known.empty() ? "" : ", ") + bank.name;
    if ((name.empty() || bank.name == name) && bank.usable) banks.push_back(std::move(bank));
  }
  if (!banks.empty()) return banks;
  if (known.empty())
    spdlog::error("config.ini has no section [bank <name>]; see docs/bank.md");
  else
    spdlog::error("there is no such bank without faults: \"{}\"; config.ini has {}", name, known);
  return banks;
}

}  // namespace

ExitCode run_banks(const BankOptions& options) {
  set_up_log();
  const config::Source source = config::source_of(options.config_file);
  spdlog::info("{}", source.text);
  const config::Config config = source.file.empty() ? config::Config() : config::Config::read_file(source.file);
  log_faults(config);
  auto banks = chosen(config, options.name);
  if (banks.empty()) return ExitCode::configuration;
  set_log_level(config.settings_for({}).log_level);
  try {
    return BankProcess(options, config, std::move(banks)).run();
  } catch (const std::exception& problem) {
    spdlog::critical("{}", problem.what());
    return ExitCode::lost;
  }
}

}  // namespace bms::driver
