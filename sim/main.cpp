// bms-sim: simulated batteries on a pseudo-terminal, one subcommand for each family of boards.
#include <CLI/CLI.hpp>
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

#include "family.hpp"
#include "simulator.hpp"

namespace {

using namespace bms::sim;

/// What every family takes.
struct CommonOptions {
  PackOptions pack;
  SimulatorOptions simulator;
  std::string script;
  unsigned boards = 1;
  long latency_ms = 20;
  bool control = false;
};

void add_common(CLI::App& app, CommonOptions& to) {
  app.add_option("--link", to.simulator.link, "Make this a symbolic link to the terminal; removed at the end");
  app.add_option("--cells", to.pack.cells, "Cells in series")->check(CLI::Range(1, 32))->capture_default_str();
  app.add_option("--ntc", to.pack.sensors, "Temperature sensors")->check(CLI::Range(0, 8))->capture_default_str();
  app.add_option("--capacity", to.pack.capacity_ah, "Capacity in Ah")
      ->check(CLI::Range(1.0, 6553.5))
      ->capture_default_str();
  app.add_option("--soc", to.pack.soc_pct, "State of charge in %")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  app.add_flag("--drift", to.pack.drift, "All values change a little with every poll");
  app.add_option("--seed", to.simulator.seed, "The same seed gives the same pack and the same damage")
      ->capture_default_str();
  app.add_option("--baud", to.simulator.line.baud, "Speed at which bytes leave; the family's own unless given")
      ->check(CLI::Range(300U, 4'000'000U));
  app.add_flag("--speed-matters", to.simulator.speed_matters, "A reader that has set another speed gets garbage");
  app.add_option("--boards", to.boards, "Boards that share the line, each with a pack of its own")
      ->check(CLI::Range(1U, 16U))
      ->capture_default_str();
  app.add_option("--chunk", to.simulator.line.chunk, "Bytes that are handed over together, as an UART's buffer does")
      ->check(CLI::Range(1, 512))
      ->capture_default_str();
  app.add_option("--latency", to.latency_ms, "Milliseconds between question and answer")
      ->check(CLI::Range(0, 60'000))
      ->capture_default_str();
  app.add_option("--script", to.script, "Commands with times: [at SECONDS] COMMAND")->check(CLI::ExistingFile);
  app.add_flag("--repeat", to.simulator.repeat, "Start the script again after its last line");
  app.add_flag("--control", to.control, "Take commands from standard input; its end ends the simulator");
  app.add_flag("--timestamps", to.simulator.timestamps, "Print when the last byte of each answer was written");
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
  options.simulator.latency = std::chrono::milliseconds(options.latency_ms);
  boost::asio::io_context loop;
  boost::asio::signal_set stop(loop, SIGINT, SIGTERM, SIGHUP);
  stop.async_wait([&loop](boost::system::error_code, int) { loop.stop(); });
  std::vector<Unit> units;
  for (unsigned number = 0; number < options.boards; ++number) {
    options.pack.seed = options.simulator.seed + number;
    auto pack = std::make_unique<Pack>(options.pack);
    auto board = make(*pack, {.number = number, .seed = options.pack.seed});
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
  CLI::App app{"Simulated batteries on a pseudo-terminal"};
  app.require_subcommand(1);
  CommonOptions common;
  for (const BoardFamily& family : board_families()) {
    CLI::App& command = *app.add_subcommand(family.name, family.description);
    add_common(command, common);
    command.final_callback([&family, &common, make = family.add_options(command)] { simulate(family, make, common); });
  }
  CLI11_PARSE(app, argc, argv);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bms-sim: " << error.what() << '\n';
  return 2;
}
