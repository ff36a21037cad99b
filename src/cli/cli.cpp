#include "cli/cli.hpp"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>

#include "bridge/bridge.hpp"
#include "cli/config_command.hpp"
#include "cli/control.hpp"
#include "cli/decode.hpp"
#include "cli/detect.hpp"
#include "cli/watch.hpp"
#include "config/config.hpp"
#include "config/text.hpp"
#include "driver/daemon.hpp"
#include "driver/log.hpp"
#include "driver/memory.hpp"
#include "driver/replay.hpp"
#include "driver/watchdog.hpp"
#include "registry.hpp"

namespace bms::cli {

namespace {

using driver::ExitCode;

constexpr std::chrono::seconds bridge_watchdog_limit{20};  // four of its longest cycles

constexpr const char* exit_codes =
    "Exit codes: 0 stopped as asked, 1 device not found or charger not reached, 2 configuration or usage error, 3 lost "
    "the bus or watchdog, 4 done, but something needs a decision (config import).";

/// Takes a time with its unit as well: "5", "5s", "5 s".
CLI::Validator in_seconds() {
  return {[](std::string& text) {
            if (const auto number = config::without_unit(text, "s")) text = std::string(*number);
            return std::string();
          },
          ""};
}

void add_addresses(CLI::App& command, std::vector<unsigned>& to, const char* description) {
  command.add_option_function<std::string>(
      "--address",
      [&to](const std::string& text) {
        const auto addresses = config::parse_addresses(text);
        if (!addresses) throw CLI::ValidationError("--address", "expected addresses from 1 to 127, as in 1,2,5-8");
        to = *addresses;
      },
      description);
}

void add_run(CLI::App& app, ExitCode& result) {
  auto options = std::make_shared<driver::RunOptions>();
  CLI::App* run = app.add_subcommand("run", "The daemon: reads the BMS on TTY and publishes it on D-Bus");
  run->add_option("tty", options->tty, "Port: ttyUSB0, /dev/ttyUSB0 or any path")->required();
  run->add_option("--bms", options->bms, "BMS family: " + family_names() + "; found out unless given");
  add_addresses(*run, options->addresses, "Addresses of the boards on the line, as in 1,2,5-8");
  run->add_option("--state-dir", options->state_directory,
                  "Where is kept what was found on each port, and what is remembered of each battery")
      ->capture_default_str();
  run->add_option("--run-dir", options->run_directory, "Where newer copies of that are kept in memory")
      ->capture_default_str();
  run->add_option("--config", options->config_file, "Configuration file (config.ini)");
  run->add_option("--interval", options->interval_s, "Seconds from poll to poll, instead of poll_interval")
      ->transform(in_seconds())
      ->check(CLI::Range(0.2, 60.0));
  run->add_option("--capture", options->capture_file,
                  "Record every exchange into this file, as JSON lines, at most 10 MB");
  run->callback([options, &result] { result = driver::run_daemon(*options); });
}

void add_detect(CLI::App& app, ExitCode& result) {
  auto options = std::make_shared<DetectOptions>();
  CLI::App* command = app.add_subcommand("detect", "Says which BMS is on TTY, and why; changes nothing on it");
  command->add_option("tty", options->tty, "Port: ttyUSB0, /dev/ttyUSB0 or any path")->required();
  command->add_option("--bms", options->bms, "Look for this family only: " + family_names());
  add_addresses(*command, options->addresses, "Look at these addresses only, as in 1,2 or 1-16");
  command->add_option("--config", options->config_file, "Configuration file (config.ini)");
  command->add_option("--state-dir", options->state_directory, "Where is kept what was found on each port")
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &result] { result = detect(*options); });
}

void add_decode(CLI::App& app, ExitCode& result) {
  auto family = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "decode",
      R"(Explains captured frames: JSON lines {"request": HEX or null, "response": HEX or [HEX, ...]} in, one out for each)");
  command->add_option("bms", *family, "BMS family: " + family_names())->required();
  command->callback([family, &result] { result = static_cast<ExitCode>(decode(*family, std::cin, std::cout)); });
}

void add_watch(CLI::App& app, ExitCode& result) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* command =
      app.add_subcommand("watch", "A live view of any battery service on the bus, or of the MPPT bridge");
  command->add_option("service", options->service,
                      "Service name or its end (ttyUSB0); \"bridge\"; empty: the only battery there is");
  command->add_flag("--once", options->once, "Print one complete view and end");
  command->add_option("--wait", options->wait_s, "Seconds to wait for the service to appear")
      ->transform(in_seconds())
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_flag("--ascii", options->ascii, "Draw with ASCII characters only");
  command->callback([options, &result] { result = static_cast<ExitCode>(watch(*options)); });
}

ExitCode run_bridge(const std::string& config_file, bridge::Options options) {
  driver::set_up_log();
  const config::Config config = config_file.empty() ? config::Config() : config::Config::read_file(config_file);
  driver::log_faults(config);
  options.config = config.bridge();
  options.settled = driver::give_back_startup_memory;
  driver::Watchdog watchdog{bridge_watchdog_limit};
  options.alive = [&watchdog] { watchdog.feed(); };
  switch (bridge::run(options)) {
    case bridge::End::asked: return ExitCode::stopped;
    case bridge::End::unreached: return ExitCode::not_found;
    case bridge::End::bus_lost: break;
  }
  return ExitCode::lost;
}

void add_bridge(CLI::App& app, ExitCode& result) {
  struct Options {
    std::string config_file;
    bridge::Options bridge{.state_directory = driver::default_state_directory,
                           .run_directory = driver::default_run_directory};
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "bridge", "Stops solar chargers when a battery says no, as [bridge] of the configuration says");
  command->add_option("--config", options->config_file, "Configuration file (config.ini)");
  command
      ->add_option("--state-dir", options->bridge.state_directory,
                   "Where is remembered which chargers were switched off")
      ->capture_default_str();
  command
      ->add_option("--run-dir", options->bridge.run_directory,
                   "Where the batteries of this program have their heartbeats")
      ->capture_default_str();
  command->add_flag("--dry-run", options->bridge.dry_run, "Only say what would be done");
  command->add_flag("--release", options->bridge.release, "Switch on again what was switched off, and end");
  command->callback([options, &result] { result = run_bridge(options->config_file, options->bridge); });
}

ExitCode replay_file(const std::string& file, const driver::ReplayOptions& options, const std::string& config_file) {
  const config::Config config = config_file.empty() ? config::Config() : config::Config::read_file(config_file);
  for (const config::Fault& fault : config.faults()) {
    std::cerr << fault.text() << "\n";
  }
  std::ifstream in(file);
  if (!in) {
    std::cerr << file << " cannot be read\n";
    return ExitCode::configuration;
  }
  return driver::replay(in, std::cout, std::cerr, options, config);
}

void add_replay(CLI::App& app, ExitCode& result) {
  struct Options {
    std::string file, config_file;
    driver::ReplayOptions replay;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "replay", "Plays a capture and prints what would have been published after each poll, as JSON lines");
  command->add_option("file", options->file, "File made by run --capture")->required();
  command->add_option("--bms", options->replay.bms,
                      "BMS family: " + family_names() + "; as the capture says unless given");
  command->add_option("--config", options->config_file, "Configuration file (config.ini)");
  command->callback([options, &result] { result = replay_file(options->file, options->replay, options->config_file); });
}

void add_control(CLI::App& app, ExitCode& result) {
  auto options = std::make_shared<ControlOptions>();
  CLI::App* command = app.add_subcommand(
      "control",
      "Charge control as a filter: one JSON line in for each frame, one out with the limits; see docs/control.md");
  command->add_option("--config", options->config_file, "Configuration file (config.ini)");
  command->add_option("--battery", options->battery, "The battery whose section of the configuration counts");
  command->add_option("--state", options->state_file, "File that is read at the start and written at the end");
  command->callback([options, &result] { result = control(std::cin, std::cout, std::cerr, *options); });
}

void add_config(CLI::App& app, ExitCode& result) {
  auto file = std::make_shared<std::string>();
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = app.add_subcommand("config", "Checks, shows and imports configuration files");
  command->require_subcommand(1);

  CLI::App* check = command->add_subcommand("check", "Says what is wrong with a file; exit code 2 if anything is");
  check->add_option("file", *file, "Configuration file (config.ini)")->required();
  check->callback([file, &result] { result = check_config(*file, std::cout); });

  CLI::App* show = command->add_subcommand("show", "Prints every option, its value and where that comes from");
  show->add_option("file,--config", options->file, "Configuration file (config.ini); the defaults without one");
  show->add_option("--battery", options->batteries,
                   "As seen by this battery: its port or identity; several, the strongest last");
  show->add_flag("--changed", options->changed, "Only what differs from the default");
  show->add_flag("--json", options->json, "Print one JSON object");
  show->callback([options, &result] { result = show_config(*options, std::cout, std::cerr); });

  CLI::App* import = command->add_subcommand(
      "import",
      "Prints a config.ini of dbus-serialbattery as one of this driver; exit code 4 if something needs a decision");
  import->add_option("file", *file, "Its config.ini")->required();
  import->callback([file, &result] { result = import_config(*file, std::cout, std::cerr); });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Battery driver for Victron Venus OS", "dbus-bms");
  app.set_version_flag("--version", "dbus-bms " BMS_VERSION);
  app.footer(exit_codes);
  app.require_subcommand(1);
  ExitCode result = ExitCode::stopped;
  add_run(app, result);
  add_detect(app, result);
  add_decode(app, result);
  add_watch(app, result);
  add_bridge(app, result);
  add_replay(app, result);
  add_control(app, result);
  add_config(app, result);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : static_cast<int>(ExitCode::configuration);
  }
  return static_cast<int>(result);
}

}  // namespace bms::cli
