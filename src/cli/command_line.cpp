#include "cli/command_line.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <iostream>

#include "cli/bridge_command.hpp"
#include "cli/cells/command.hpp"
#include "cli/command_options.hpp"
#include "cli/config_command.hpp"
#include "cli/console/commands.hpp"
#include "cli/control.hpp"
#include "cli/decode.hpp"
#include "cli/decode_bluetooth.hpp"
#include "cli/detect.hpp"
#include "cli/generated.hpp"
#include "cli/import_command.hpp"
#include "cli/scan.hpp"
#include "cli/status/status.hpp"
#include "cli/usage.hpp"
#include "cli/watch/socket_watch.hpp"
#include "cli/watch/watch.hpp"
#include "config/config.hpp"
#include "config/source.hpp"
#include "driver/bank_daemon.hpp"
#include "driver/daemon.hpp"
#include "driver/log.hpp"
#include "driver/replay.hpp"
#include "mqtt/removal.hpp"
#include "mqtt/retained_topics.hpp"
#include "registry.hpp"

namespace bms::cli {

namespace {

// ---- The commands ----

ExitCode run(driver::RunOptions options) {
  driver::set_up_log();
  const config::Source source = config::source_of(options.config_file);
  spdlog::info("{}", source.text);
  options.config_file = source.file;
  return driver::run_daemon(options);
}

void add_run(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<driver::RunOptions>();
  CLI::App* command =
      add_command(app, "run", "The daemon: reads the BMS on each TTY and publishes it on D-Bus, at a broker, or both",
                  "  dbus-bms run ttyUSB0\n"
                  "  dbus-bms run ttyUSB0 --bms daly --address 1-3\n"
                  "  dbus-bms run ttyUSB0 ttyUSB1                   # two lines in one process\n"
                  "  dbus-bms run ttyUSB0 --mqtt-host localhost     # without D-Bus where there is none\n"
                  "  dbus-bms run --bluetooth                       # the boards that are configured by their address\n"
                  "  dbus-bms run ttyUSB0 --capture capture.jsonl   # for a bug report\n");
  CLI::Option* const ttys =
      command->add_option("TTY", options->ttys, "Port: ttyUSB0, /dev/ttyUSB0 or any path; several are several lines")
          ->type_name("");
  command->add_flag("--bluetooth", options->bluetooth,
                    "Also the boards without a cable: each section [battery A4:C1:37:00:00:23] is a line of its own");
  add_family(*command, options->bms, "it is waited for; found out unless given");
  add_addresses(*command, options->addresses, "Addresses of the boards on the line, as in 1,2,5-8");
  add_state_directory(*command, options->state_directory,
                      "Keeps what was found on each port, and what is remembered of each battery");
  add_value(*command, "--run-dir", "DIRECTORY", options->run_directory, "Where newer copies of that are kept in memory")
      ->capture_default_str();
  add_config_file(*command, options->config_file);
  add_value(*command, "--interval", "SECONDS", options->interval_s,
            "Seconds from poll to poll, 0.2 to 60, instead of poll_interval")
      ->transform(number_within(0.2, 60, "s"));
  add_value(*command, "--mqtt-host", "HOST", options->mqtt_host,
            "Name or address of the broker that values are sent to, instead of host of [mqtt]");
  add_choice<std::optional<config::OnBus>>(
      *command, "--dbus", options->on_bus,
      {{"auto", config::OnBus::automatic}, {"yes", config::OnBus::yes}, {"no", config::OnBus::no}},
      "Whether batteries are shown on D-Bus, instead of dbus; auto: where Venus is, and where there is no broker");
  add_value(*command, "--capture", "FILE", options->capture_file,
            "Record every exchange into this file, as JSON lines, at most 10 MB");
  command->callback([options, ttys, &chosen] {
    if (options->ttys.empty() && !options->bluetooth) throw CLI::RequiredError(ttys->get_name());
    chosen = [options] { return run(*options); };
  });
}

void add_detect(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<DetectOptions>();
  CLI::App* command =
      add_command(app, "detect", "Says which BMS is on TTY, and why; changes nothing on it",
                  "  dbus-bms detect ttyUSB0\n"
                  "  dbus-bms detect ttyUSB0 --bms daly --address 1-3   # who of these three is there\n"
                  "  dbus-bms detect ttyUSB0 --all-addresses            # who is on this line at all\n");
  add_tty(*command, options->tty);
  add_family(*command, options->bms, "all of them unless given");
  add_addresses(*command, options->addresses, "Look at these addresses only, as in 1,2 or 1-16, and list who is there");
  command->add_flag("--all-addresses", options->all_addresses,
                    "List the boards at every address that the family can have; takes up to half a minute");
  add_config_file(*command, options->config_file);
  add_state_directory(*command, options->state_directory, "Keeps what was found on each port");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &chosen] {
    chosen = [options] {
      options->config_file = file_of(options->config_file);
      return detect(*options);
    };
  });
}

void add_scan(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ScanOptions>();
  CLI::App* command = add_command(app, "scan",
                                  "Says which batteries with Bluetooth are near, and what config.ini needs for them;\n"
                                  "connects to none of them",
                                  "  dbus-bms scan\n"
                                  "  dbus-bms scan --seconds 60 --json\n");
  add_value(*command, "--seconds", "SECONDS", options->seconds, "Seconds to listen, 1 to 600; Ctrl-C ends it before")
      ->transform(number_within(1, 600, "s"))
      ->capture_default_str();
  add_value(*command, "--adapter", "ADDRESS", options->adapter,
            "The Bluetooth adapter, by its address, instead of adapter of [bluetooth]")
      ->check(bluetooth_address());
  add_config_file(*command, options->config_file);
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("--ascii", options->ascii, "Print names with ASCII characters only");
  command->callback([options, &chosen] {
    chosen = [options] {
      options->config_file = file_of(options->config_file);
      return scan(*options);
    };
  });
}

void add_decode(CLI::App& app, Action& chosen) {
  struct Options {
    std::string family;
    bool bluetooth = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_command(app, "decode",
                  "Explains captured frames: JSON lines {\"request\": HEX or null, \"response\": HEX or [HEX, ...]}\n"
                  "come in on standard input, one goes out for each",
                  "  dbus-bms decode jbd < capture.jsonl\n"
                  "  dbus-bms decode --bluetooth < sessions.json\n");
  add_word(*command, "FAMILY", options->family, "BMS family: " + family_names())->check(one_of(names_of_families()));
  command->add_flag(
      "--bluetooth", options->bluetooth,
      "Sessions with boards on the air: {\"family\": FAMILY, \"exchanges\": [{\"request\": HEX or null, "
      "\"notifications\": [HEX, ...]}, ...]}, each read as one stream, without what modules put in; FAMILY "
      "is for those that do not say");
  command->callback([options, &chosen] {
    if (!options->bluetooth && options->family.empty()) {
      throw CLI::ValidationError("FAMILY", "expected one of " + family_names() + ", or --bluetooth");
    }
    chosen = [options] {
      return options->bluetooth ? decode_bluetooth(options->family, std::cin, std::cout)
                                : decode(options->family, std::cin, std::cout);
    };
  });
}

void add_watch(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* command = add_command(app, "watch",
                                  "A live view of any battery service on the bus, of one of ours that is not there,\n"
                                  "or of the MPPT bridge",
                                  "  dbus-bms watch                        # the only battery there is\n"
                                  "  dbus-bms watch ttyUSB0 --once\n"
                                  "  dbus-bms watch bridge\n");
  add_word(*command, "BATTERY", options->service,
           "Any name of the battery, or the end of one: its service or place (ttyUSB0, ttyUSB0_2), its serial number, "
           "what you call it; \"bridge\"; without it the only battery there is");
  command->add_flag("--once", options->once, "Print one complete view and end");
  add_value(*command, "--wait", "SECONDS", options->wait_s, "Seconds to wait for the service to appear, up to a day")
      ->transform(number_within(0, 86400, "s"))
      ->capture_default_str();
  command->add_flag("--ascii", options->ascii, "Draw with ASCII characters only");
  add_value(*command, "--run-dir", "DIRECTORY", options->run_directory,
            "Where running drivers have their sockets, by which batteries are watched that are not on the bus")
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return watch(*options); }; });
}

void add_bridge(CLI::App& app, Action& chosen) {
  struct Options {
    std::string config_file;
    bridge::Options bridge{.state_directory = driver::usual_state_directory(),
                           .run_directory = driver::usual_run_directory()};
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_command(app, "bridge", "Stops solar chargers when a battery says no, as [bridge] of the configuration says",
                  "  dbus-bms bridge --dry-run   # only says what it would do\n"
                  "  dbus-bms bridge --release   # before an uninstall\n");
  add_config_file(*command, options->config_file);
  add_state_directory(*command, options->bridge.state_directory,
                      "Where is remembered which chargers were switched off");
  add_value(*command, "--run-dir", "DIRECTORY", options->bridge.run_directory,
            "Where the batteries of this program have their heartbeats")
      ->capture_default_str();
  command->add_flag("--dry-run", options->bridge.dry_run, "Only say what would be done");
  command->add_flag("--release", options->bridge.release, "Switch on again what was switched off, and end");
  command->callback(
      [options, &chosen] { chosen = [options] { return run_bridge(options->config_file, options->bridge); }; });
}

ExitCode start_banks(driver::BankRunOptions options) {
  driver::set_up_log();
  const config::Source source = config::source_of(options.config_file);
  spdlog::info("{}", source.text);
  options.config_file = source.file;
  return driver::run_banks(options);
}

void add_bank(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<driver::BankRunOptions>();
  CLI::App* command = add_command(
      app, "bank", "Shows several batteries as one, as [bank <name>] of the configuration says; see docs/bank.md",
      "  dbus-bms bank         # every bank that is configured\n"
      "  dbus-bms bank House\n");
  add_word(*command, "NAME", options->name, "Of one bank; all of them unless given");
  add_config_file(*command, options->config_file);
  add_state_directory(*command, options->state_directory, "Keeps what is remembered of each bank");
  add_value(*command, "--run-dir", "DIRECTORY", options->run_directory,
            "Where newer copies of that are kept in memory, and where drivers have their sheets and heartbeats")
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return start_banks(*options); }; });
}

struct RemoveOptions {
  std::string config_file;
  std::string state_directory = driver::usual_state_directory(), run_directory = driver::usual_run_directory();
  bool remove = false;
};

/// What a driver says once, as it connects, it does not say again because somebody has emptied it.
void warn_of_drivers_at_broker(const RemoveOptions& options) {
  std::string places;
  for (const std::string& file : mqtt::files_of_retained_topics(options.state_directory)) {
    for (const auto& [place, battery] : mqtt::read_places(file)) places += place + "\n";
  }
  std::string running;
  for (const std::string& port : ports_of_drivers(options.run_directory)) {
    // Several batteries on one line have places like ttyUSB0_2.
    const bool at_broker = ("\n" + places).find("\n" + port + "\n") != std::string::npos ||
                           ("\n" + places).find("\n" + port + "_") != std::string::npos;
    if (at_broker) running += (running.empty() ? "" : ", ") + port;
  }
  if (running.empty()) return;
  std::cerr << "dbus-bms: drivers that send to the broker run on " << running
            << "; end them and remove again, or start them anew so that their batteries are found there\n";
}

ExitCode remove_from_broker(const RemoveOptions& options) {
  driver::set_up_log();
  const std::string file = file_of(options.config_file);
  const config::Config config = file.empty() ? config::Config() : config::Config::read_file(file);
  warn_of_drivers_at_broker(options);
  return mqtt::remove_retained(config.section<mqtt::Config>(), options.state_directory);
}

void add_mqtt(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<RemoveOptions>();
  CLI::App* command = add_command(app, "mqtt", "Looks after what the broker of [mqtt] holds for our batteries",
                                  "  dbus-bms mqtt --remove   # Home Assistant forgets them; end the drivers first\n");
  add_config_file(*command, options->config_file);
  add_state_directory(*command, options->state_directory, "Keeps which topics the broker holds");
  add_value(*command, "--run-dir", "DIRECTORY", options->run_directory,
            "Where drivers that still run have their sockets")
      ->capture_default_str();
  command->add_flag("--remove", options->remove, "Empty all topics that the broker holds for us")->required();
  command->callback([options, &chosen] { chosen = [options] { return remove_from_broker(*options); }; });
}

ExitCode replay_file(const std::string& file, const driver::ReplayOptions& options, const std::string& config_file) {
  const config::Config config = config_file.empty() ? config::Config() : config::Config::read_file(config_file);
  for (const config::Fault& fault : config.faults()) {
    std::cerr << fault.text() << "\n";
  }
  std::ifstream in(file);
  return driver::replay(in, std::cout, std::cerr, options, config);
}

void add_status(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<StatusOptions>();
  options->run_directory = driver::usual_run_directory();
  CLI::App* command = add_command(
      app, "status", "One page for a forum post: versions, ports, batteries, services, configuration, last complaints",
      "  dbus-bms status\n"
      "  dbus-bms status --full   # with serial numbers\n");
  add_config_file(*command, options->config_file);
  add_value(*command, "--run-dir", "DIRECTORY", options->run_directory, "Where drivers leave their heartbeats")
      ->capture_default_str();
  add_value(*command, "--log-dir", "DIRECTORY", options->log_directory, "Where the logs of our services lie")
      ->capture_default_str();
  command->add_flag("--full", options->full, "With serial numbers");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &chosen] { chosen = [options] { return print_status(*options); }; });
}

void add_replay(CLI::App& app, Action& chosen) {
  struct Options {
    std::string file, config_file;
    driver::ReplayOptions replay;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = add_command(
      app, "replay", "Plays a capture and prints what would have been published after each poll, as JSON lines",
      "  dbus-bms replay capture.jsonl --table\n"
      "  dbus-bms replay capture.jsonl --table --address 2   # of several boards on one line\n"
      "  dbus-bms replay capture.jsonl | jq '.items[\"/Soc\"]'\n");
  add_word(*command, "FILE", options->file, "File made by run --capture")->required()->check(readable());
  add_family(*command, options->replay.bms, "as the capture says unless given");
  add_value(*command, "--address", "N", options->replay.address,
            "Of several boards on the line this one alone; otherwise each in turn");
  add_config_file(*command, options->config_file);
  command->add_flag("--table", options->replay.table, "Print columns for people instead");
  command->callback([options, &chosen] {
    chosen = [options] { return replay_file(options->file, options->replay, file_of(options->config_file)); };
  });
}

void add_control(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ControlOptions>();
  CLI::App* command = add_command(
      app, "control",
      "Charge control as a filter: one JSON line in for each frame, one out with the limits; see docs/control.md",
      "  dbus-bms control --table < frames.jsonl\n"
      "  dbus-bms control --config config.ini --battery ttyUSB0 < frames.jsonl > limits.jsonl\n");
  // What a filter does must not depend on the machine.
  add_value(*command, "--config", "FILE", options->config_file, "Configuration file; the defaults without one")
      ->check(readable());
  add_value(*command, "--battery", "NAME", options->battery, "The battery whose section of the configuration counts");
  add_value(*command, "--state", "FILE", options->state_file,
            "File that is read at the start, if it is there, and written at the end");
  command->add_flag("--table", options->table, "Print columns for people instead of JSON lines");
  command->callback(
      [options, &chosen] { chosen = [options] { return control(std::cin, std::cout, std::cerr, *options); }; });
}

ExitCode check_file(const std::string& file) {
  return file.empty() ? ExitCode::stopped : check_config(file, std::cout);
}

void add_config(CLI::App& app, Action& chosen) {
  auto file = std::make_shared<std::string>();
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = add_command(app, "config", "Checks, shows and imports configuration files",
                                  "  dbus-bms config check\n"
                                  "  dbus-bms config show --battery ttyUSB0\n"
                                  "  dbus-bms config import old/config.ini > config.ini\n");
  command->require_subcommand(1);

  CLI::App* check = add_command(*command, "check", "Says what is wrong with a file; exit code 2 if anything is",
                                "  dbus-bms config check config.ini\n");
  add_config_word(*check, *file);
  add_config_file(*check, *file);
  check->callback([file, &chosen] { chosen = [file] { return check_file(file_of(*file)); }; });

  CLI::App* show = add_command(*command, "show", "Prints every option, its value and where that comes from",
                               "  dbus-bms config show\n"
                               "  dbus-bms config show config.ini --battery ttyUSB0 --battery JBD:DEMO0001\n");
  add_config_word(*show, options->file);
  add_config_file(*show, options->file);
  add_value(*show, "--battery", "NAME", options->batteries,
            "As seen by this battery: its port or identity; several, the strongest last");
  show->add_flag("--changed", options->changed, "Only what differs from the default");
  show->add_flag("--json", options->json, "Print one JSON object");
  show->callback([options, &chosen] {
    chosen = [options] {
      options->file = file_of(options->file);
      return show_config(*options, std::cout, std::cerr);
    };
  });

  add_import(*command, chosen);
}

}  // namespace

std::unique_ptr<CLI::App> command_line(Action& chosen) {
  auto app = std::make_unique<CLI::App>("Battery driver for Victron Venus OS", "dbus-bms");
  app->set_version_flag("--version", "dbus-bms " BMS_VERSION, "Print the version and exit");
  app->footer(std::string("Example: dbus-bms run ttyUSB0; each command has a --help of its own.\n\n") + exit_codes);
  app->require_subcommand(1);
  add_run(*app, chosen);
  add_detect(*app, chosen);
  add_scan(*app, chosen);
  add_decode(*app, chosen);
  add_watch(*app, chosen);
  add_cells(*app, chosen);
  add_bank(*app, chosen);
  add_bridge(*app, chosen);
  add_mqtt(*app, chosen);
  add_replay(*app, chosen);
  add_control(*app, chosen);
  add_config(*app, chosen);
  add_status(*app, chosen);
  add_console_commands(*app, chosen);
  add_generated(*app, chosen);
  return app;
}

}  // namespace bms::cli
