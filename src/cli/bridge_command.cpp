#include "cli/bridge_command.hpp"

#include <spdlog/spdlog.h>

#include <chrono>

#include "config/config.hpp"
#include "config/source.hpp"
#include "driver/log.hpp"
#include "driver/watchdog.hpp"
#include "files/footprint.hpp"

namespace bms::cli {

namespace {

constexpr std::chrono::seconds watchdog_limit{20};  // four of its longest cycles

}  // namespace

ExitCode run_bridge(const std::string& config_file, bridge::Options options) {
  driver::set_up_log();
  const config::Source source = config::source_of(config_file);
  spdlog::info("{}", source.text);
  const config::Config config = source.file.empty() ? config::Config() : config::Config::read_file(source.file);
  driver::log_faults(config);
  options.config = config.section<bridge::Config>();
  options.settled = files::give_back_startup_memory;
  driver::Watchdog watchdog;
  driver::Pulse pulse{watchdog, watchdog_limit};
  options.alive = [&pulse] { pulse.beat(); };
  return bridge::run(options);
}

}  // namespace bms::cli
