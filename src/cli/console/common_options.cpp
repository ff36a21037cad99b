#include "cli/console/common_options.hpp"

#include "cli/console/consent.hpp"
#include "cli/console/exits.hpp"
#include "cli/console/trace_printer.hpp"
#include "config/source.hpp"

namespace bms::cli {

namespace {

constexpr const char* verb_exit_codes =
    "Exit codes: 0 done, or nothing differs, 1 no board answers,\n"
    "            2 usage or configuration error, unknown name, outside the table, 3 lost the line on the way,\n"
    "            4 refused by the board, not verified, or different (diff, restore without --write),\n"
    "            5 not confirmed, or not permitted";

}  // namespace

CLI::App* add_verb(CLI::App& app, const std::string& name, const std::string& description,
                   const std::string& examples) {
  return add_command(app, name, description, examples, verb_exit_codes);
}

void add_way(CLI::App& command, CommonOptions& to) {
  add_value(command, "--port", "TTY", to.way.port,
            "The port, where no driver runs or to say it exactly: ttyUSB0, /dev/ttyUSB0, any path, or a Bluetooth "
            "address");
  add_value(command, "--battery", "NAME", to.way.battery,
            "Which battery, by any of its names: its place (ttyUSB0, ttyUSB0_2), its serial number, its identity "
            "(JBD:1234567890), or the name that you have given it; the only one unless given");
  add_value(command, "--socket", "PATH", to.way.socket, "Socket of the running driver; found unless given");
  add_config_file(command, to.way.config_file);
  add_state_directory(command, to.way.state_directory, "Keeps what was found on each port");
  add_value(command, "--run-dir", "DIRECTORY", to.way.run_directory, "Where running drivers have their sockets")
      ->capture_default_str();
  add_value(command, "--wait", "SECONDS", to.way.wait_s,
            "How long to wait for another console at the board, or a driver that looks for it: 0 to 600 seconds")
      ->capture_default_str()
      ->check(whole_within(0, 600, "seconds"));
}

void add_json(CLI::App& command, bool& to) {
  command.add_flag("--json", to, "Print one JSON object; nothing is asked");
}

void add_trace(CLI::App& command, CommonOptions& to) {
  CLI::Option* trace = command.add_flag("--trace", to.trace, "Show on standard error what passes over the line");
  command.add_flag("--bytes", to.trace_bytes, "With --trace: what each byte is for, and all values")->needs(trace);
}

void add_yes(CLI::App& command, std::string& to) {
  const auto check = [](std::string& given) {
    const auto consent = consent_to(given);
    return consent ? std::string() : consent.error().message;
  };
  command
      .add_flag("--yes{limits}", to,
                "Do not ask; alone for the risks none and limits, with =safety,calibration,communication for these as "
                "well")
      ->check(CLI::Validator(check, ""));
}

ExitCode converse(const CommonOptions& common, const std::function<ExitCode(const Conversation&)>& verb) {
  Terminal terminal = standard_terminal();
  WayOptions wanted = common.way;
  wanted.config_file = config::source_of(wanted.config_file).file;
  const auto found = find_way(wanted);
  if (!found) {
    tell(terminal, common.json, found.error());
    return exit_when_unreached(found.error().kind);
  }
  Conversation with{.way = *found->way,
                    .terminal = terminal,
                    .battery = found->battery,
                    .json = common.json,
                    .patience = std::chrono::seconds(wanted.wait_s)};
  if (!common.trace) return verb(with);
  const auto board = meet(with);  // if this fails, so does the verb, and says why
  TracePrinter printer(board ? board->family : nullptr, {.bytes = common.trace_bytes}, terminal.told);
  with.way.listen([&](const console::TraceNews& news) { printer.take(news); });
  with.trace = true;
  const ExitCode exit = verb(with);
  with.way.listen({});
  printer.end();
  return exit;
}

}  // namespace bms::cli
