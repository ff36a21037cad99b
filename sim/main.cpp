// bms-sim: simulated batteries on a pseudo-terminal, one subcommand for each family of boards.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/usage.hpp"
#include "family.hpp"
#include "simulator.hpp"

namespace {

using namespace bms::sim;
namespace cli = bms::cli;

/// What every family takes.
struct CommonOptions {
  PackOptions pack;
  SimulatorOptions simulator;
  std::string script;
  unsigned boards = 1;
  long latency_ms = 20;
  bool control = false;
};

void add_pack(CLI::App& app, PackOptions& to) {
  app.add_option("--cells", to.cells, "Cells in series, 1 to 32")
      ->check(cli::whole_within(1, 32, "cells"))
      ->type_name("COUNT")
      ->capture_default_str();
  app.add_option("--ntc", to.sensors, "Temperature sensors, 0 to 8")
      ->check(cli::whole_within(0, 8, "sensors"))
      ->type_name("COUNT")
      ->capture_default_str();
  app.add_option("--capacity", to.capacity_ah, "Capacity in Ah, 1 to 6553.5")
      ->check(cli::number_within(1, 6553.5, "Ah"))
      ->type_name("AH")
      ->capture_default_str();
  app.add_option("--soc", to.soc_pct, "State of charge in %, 0 to 100")
      ->check(cli::number_within(0, 100, "%"))
      ->type_name("PERCENT")
      ->capture_default_str();
  app.add_flag("--drift", to.drift, "All values change a little with every poll");
}

void add_line(CLI::App& app, CommonOptions& to) {
  app.add_option("--link", to.simulator.link, "Make this a symbolic link to the terminal; removed at the end")
      ->type_name("PATH");
  app.add_option("--baud", to.simulator.line.baud,
                 "Speed in baud at which bytes leave, 300 to 4000000; the family's own unless given")
      ->check(cli::whole_within(300, 4'000'000, "baud"))
      ->type_name("BAUD");
  app.add_flag("--speed-matters", to.simulator.speed_matters, "A reader that has set another speed gets garbage");
  app.add_option("--boards", to.boards, "Boards that share the line, 1 to 16, each with a pack of its own")
      ->check(cli::whole_within(1, 16, "boards"))
      ->type_name("COUNT")
      ->capture_default_str();
  app.add_option("--chunk", to.simulator.line.chunk,
                 "Bytes that are handed over together, 1 to 512, as an UART's buffer does")
      ->check(cli::whole_within(1, 512, "bytes"))
      ->type_name("BYTES")
      ->capture_default_str();
  app.add_option("--latency", to.latency_ms, "Milliseconds between question and answer, 0 to 60000")
      ->check(cli::whole_within(0, 60'000, "milliseconds"))
      ->type_name("MILLISECONDS")
      ->capture_default_str();
}

void add_common(CLI::App& app, CommonOptions& to) {
  add_pack(app, to.pack);
  add_line(app, to);
  app.add_option("--seed", to.simulator.seed, "The same seed gives the same pack and the same damage")
      ->check(cli::whole_within(0, 1e15, "a seed"))
      ->type_name("NUMBER")
      ->capture_default_str();
  app.add_option("--script", to.script, "Commands with times, one on each line: [at SECONDS] COMMAND")
      ->check(cli::readable())
      ->type_name("FILE");
  app.add_flag("--repeat", to.simulator.repeat, "Start the script again after its last line");
  app.add_flag("--control", to.control, "Take commands from standard input; its end ends the simulator");
  app.add_flag("--timestamps", to.simulator.timestamps, "Print when the last byte of each answer was written");
}

/// "protect <a|b|c>" in lines that fit a terminal: a long choice goes on in the next one.
std::string folded(const std::string& text) {
  constexpr std::size_t widest = 100;
  std::string lines = "  ";
  std::size_t width = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('|', begin), text.size() - 1) + 1;
    if (width + end - begin > widest) {
      lines += "\n      ";
      width = 0;
    }
    lines += text.substr(begin, end - begin);
    width += end - begin;
    begin = end;
  }
  return lines;
}

/// "  lock none|charge          What the owner has switched off"; what is too long for its column has lines of its own.
std::string lines_of(const std::vector<CommandText>& commands) {
  constexpr std::size_t column = 36;
  std::string lines;
  for (const CommandText& command : commands) {
    const std::string written = folded(command.written);
    const bool wide = written.size() + 2 > column;
    lines += written + (wide ? "\n" + std::string(column, ' ') : std::string(column - written.size(), ' '));
    lines += command.does + "\n";
  }
  return lines;
}

std::string help_on_commands(const BoardFamily& family) {
  return "Commands that only " + std::string(family.name) + " has:\n" + lines_of(family.commands());
}

std::string help_on_common_commands() {
  return "Commands of every board, in a script as \"[at SECONDS] COMMAND\", or with --control on standard input:\n" +
         lines_of(Simulator::common_commands());
}

std::vector<Step> script_of(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path);
  auto steps = read_script(file);
  if (!steps) throw std::runtime_error(path + ": expected " + steps.error());
  return *steps;
}

void simulate(const BoardFamily& family, const MakeBoard& make, CommonOptions options) {
  if (options.simulator.line.baud == 0) options.simulator.line.baud = family.baud;
  options.simulator.board_commands = family.commands();
  options.simulator.latency = std::chrono::milliseconds(options.latency_ms);
  boost::asio::io_context loop;
  boost::asio::signal_set stop(loop, SIGINT, SIGTERM, SIGHUP);
  stop.async_wait([&loop](boost::system::error_code, int) { loop.stop(); });
  std::vector<Unit> units;
  for (unsigned number = 0; number < options.boards; ++number) {
    options.pack.seed = options.simulator.seed + number;
    auto pack = std::make_unique<Pack>(options.pack);
    auto board = make(*pack, {.number = number, .boards = options.boards, .seed = options.pack.seed});
    units.push_back({.pack = std::move(pack), .board = std::move(board)});
  }
  Simulator simulator(loop, std::move(units), options.simulator);
  const auto steps = script_of(options.script);
  std::cout << "ready " << simulator.plug() << std::endl;
  if (const auto playing = simulator.play(steps); !playing)
    throw std::runtime_error(options.script + ": expected " + playing.error());
  if (options.control) simulator.listen_on_stdin();
  loop.run();
}

}  // namespace

int main(int argc, char** argv) try {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{"Simulated batteries on a pseudo-terminal", "bms-sim"};
  app.require_subcommand(1);
  CommonOptions common;
  std::string commands = help_on_common_commands();
  for (const BoardFamily& family : board_families()) {
    CLI::App& command = *app.add_subcommand(family.name, family.description);
    add_common(command, common);
    command.final_callback([&family, &common, make = family.add_options(command)] { simulate(family, make, common); });
    command.footer("Example:\n  bms-sim " + std::string(family.name) + " --link /tmp/ttyDEMO --soc 80 --control\n\n" +
                   help_on_common_commands() + "\n" + help_on_commands(family));
    commands += "\n" + help_on_commands(family);
  }
  app.footer("Example:\n  bms-sim jbd --link /tmp/ttyDEMO --drift --script tools/demo.script\n\n" + commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return cli::answer(app, problem);
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bms-sim: " << error.what() << '\n';
  return 2;
}
