// bms-sim: simulated batteries on a pseudo-terminal, one subcommand for each family of boards.
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "jbd_board.hpp"
#include "simulator.hpp"

namespace {

using namespace bms::sim;

/// What every family takes.
struct CommonOptions {
  PackOptions pack;
  SimulatorOptions simulator;
  std::string script;
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
  app.add_option("--baud", to.simulator.line.baud, "Speed at which bytes leave")
      ->check(CLI::Range(300U, 4'000'000U))
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

void add_jbd(CLI::App& app, JbdOptions& to) {
  using Parameters = JbdOptions::Parameters;
  using Mosfet = JbdOptions::Mosfet;
  app.add_option("--barcode,--serial", to.barcode, "Barcode, up to 31 characters")->check([](const std::string& text) {
    return text.size() > 31 ? std::string("expected at most 31 characters") : std::string();
  });
  app.add_option("--model", to.model, "Name that register 0x05 tells")->capture_default_str();
  app.add_option_function<std::string>(
      "--firmware",
      [&to](const std::string& text) {
        int high = 0;
        int low = 0;
        char dot = 0;
        std::istringstream stream(text);
        if (!(stream >> high >> dot >> low) || dot != '.' || high < 0 || high > 15 || low < 0 || low > 15)
          throw CLI::ValidationError("--firmware", "expected <0..15>.<0..15>");
        to.firmware = static_cast<std::uint8_t>(high * 16 + low);
      },
      "Firmware version [8.0]");
  app.add_flag("--tail", to.tail, "The longer basic information of newer firmware");
  app.add_flag("--high-current", to.high_current, "Tell currents in 100 mA and capacities in 100 mAh");
  app.add_option("--extended-parameters", to.parameters, "What becomes of 0xFA: answered, refused or silent")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Parameters>{
          {"answered", Parameters::answered}, {"refused", Parameters::refused}, {"silent", Parameters::silent}}));
  app.add_flag_callback("--no-extended-parameters", [&to] { to.parameters = Parameters::refused; }, "0xFA is refused");
  app.add_option("--mosfet", to.mosfet, "Who may write 0xE1: open (anybody), factory (mode only) or refused")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Mosfet>{
          {"open", Mosfet::open}, {"factory", Mosfet::factory}, {"refused", Mosfet::refused}}));
}

std::vector<Step> script_of(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path);
  auto steps = read_script(file);
  if (!steps) throw std::runtime_error(path + ": expected " + steps.error());
  return *steps;
}

void simulate(Pack& pack, Board& board, const CommonOptions& options) {
  boost::asio::io_context loop;
  boost::asio::signal_set stop(loop, SIGINT, SIGTERM, SIGHUP);
  stop.async_wait([&loop](boost::system::error_code, int) { loop.stop(); });
  Simulator simulator(loop, pack, board, options.simulator);
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
  JbdOptions jbd;
  CLI::App& jbd_command = *app.add_subcommand("jbd", "A JBD board (also LLT Power, Overkill Solar, Xiaoxiang)");
  add_common(jbd_command, common);
  add_jbd(jbd_command, jbd);
  CLI11_PARSE(app, argc, argv);

  common.simulator.latency = std::chrono::milliseconds(common.latency_ms);
  common.pack.seed = jbd.seed = common.simulator.seed;
  Pack pack(common.pack);
  JbdBoard board(pack, jbd);
  simulate(pack, board, common);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bms-sim: " << error.what() << '\n';
  return 2;
}
