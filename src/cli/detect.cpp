#include "cli/detect.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "driver/port_search.hpp"
#include "link/serial_link.hpp"

namespace bms::cli {

namespace asio = boost::asio;
using driver::ExitCode;
using nlohmann::ordered_json;

namespace {

struct Finding {
  driver::Detected board;
  DeviceInfo device;
};

/// One search. A board that was remembered, or is the only possible one, is read as well before it counts as found.
asio::awaitable<Result<Finding>> look(driver::PortSearch& search, link::Link& line) {
  auto found = co_await search.look(line, [] {});
  if (!found) co_return std::unexpected(found.error());
  driver::Session session(line);
  if (found->why.empty()) {
    const auto probe = found->protocol->probe();
    if (auto ran = co_await session.run(*probe); !ran) co_return std::unexpected(ran.error());
    auto answer = probe->result();
    if (!answer) co_return std::unexpected(answer.error());
    found->why = *std::move(answer);
  }
  // Who talks by itself would have to be listened to for seconds more.
  const bool quickly = found->candidate.family->talks && found->reading.cells_v.empty();
  const auto query = found->protocol->identify();
  if (!quickly) {
    if (auto ran = co_await session.run(*query); !ran) co_return std::unexpected(ran.error());
  }
  auto device = query->result();
  co_return Finding{.board = *std::move(found), .device = device ? *std::move(device) : DeviceInfo{}};
}

ordered_json json_of(const Finding& finding) {
  const driver::Candidate& candidate = finding.board.candidate;
  const Reading& reading = finding.board.reading;
  ordered_json json{{"found", true}};
  json.update(to_json(written(candidate)));
  json["model"] = finding.device.model;
  json["serial"] = finding.device.serial;
  json["firmware"] = finding.device.firmware;
  if (!reading.cells_v.empty()) json["cells"] = reading.cells_v.size();
  if (reading.voltage_v) json["voltage_v"] = *reading.voltage_v;
  json["why"] = finding.board.why;
  return json;
}

void print(const Finding& finding) {
  const driver::Candidate& candidate = finding.board.candidate;
  const Variant& variant = candidate.options.variant;
  std::cout << "found " << candidate.family->title << " at " << variant.baud << " baud";
  if (!variant.dialect.empty()) std::cout << ", dialect " << variant.dialect;
  if (variant.address != 0) std::cout << ", address " << variant.address;
  std::cout << "\n  why:      " << finding.board.why << "\n";
  const auto row = [](const char* name, const std::string& value) {
    if (!value.empty()) std::cout << "  " << name << value << "\n";
  };
  row("model:    ", finding.device.model);
  row("serial:   ", finding.device.serial.empty() ? "none; it is known by its port" : finding.device.serial);
  row("firmware: ", finding.device.firmware);
}

ExitCode report(const Result<Finding>& outcome, const DetectOptions& options) {
  if (options.json) {
    const ordered_json json = outcome ? json_of(*outcome)
                                      : ordered_json{{"found", false},
                                                     {"reason", name_of(outcome.error().kind)},
                                                     {"message", outcome.error().message}};
    std::cout << json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << "\n";
  } else if (outcome) {
    print(*outcome);
  } else {
    std::cout << "no BMS found on " << options.tty << ": " << outcome.error().message << "\n";
  }
  return outcome ? ExitCode::stopped : ExitCode::not_found;
}

config::Config read_config(const std::string& file) {
  const config::Config config = file.empty() ? config::Config() : config::Config::read_file(file);
  for (const config::Fault& fault : config.faults()) std::cerr << fault.text() << "\n";
  return config;
}

}  // namespace

ExitCode detect(const DetectOptions& options) try {
  const link::Port port = link::port_of(options.tty);
  const config::Config config = read_config(options.config_file);
  driver::PortSearch search(port, options.bms, options.addresses, options.state_directory, config);
  asio::io_context loop{1};
  link::SerialLink line(loop, port.path, search.candidates().front().options.variant.baud);
  Result<Finding> outcome = failure(ErrorKind::silent, "not looked");
  asio::co_spawn(loop, look(search, line), [&](const std::exception_ptr& problem, Result<Finding> found) {
    if (problem) std::rethrow_exception(problem);
    outcome = std::move(found);
  });
  loop.run();
  return report(outcome, options);
} catch (const std::invalid_argument& mistake) {
  std::cerr << mistake.what() << "\n";
  return ExitCode::configuration;
}

}  // namespace bms::cli
