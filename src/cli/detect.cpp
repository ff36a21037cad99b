#include "cli/detect.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "driver/progress.hpp"
#include "line/port_search.hpp"
#include "link/serial_link.hpp"
#include "registry.hpp"

namespace bms::cli {

namespace asio = boost::asio;
using line::Candidate;
using nlohmann::ordered_json;

namespace {

struct FoundBoard {
  line::Detected found;
  DeviceInfo device;
};

/// What is on a line.
struct Finding {
  std::vector<FoundBoard> boards;  ///< the first one was found first
  std::vector<unsigned> silent;    ///< addresses that were asked for further boards in vain
};

std::vector<unsigned> addresses_of(const Family& family) {
  if (family.last_address == 0) return {};
  std::vector<unsigned> all(family.last_address - family.first_address + 1);
  std::iota(all.begin(), all.end(), family.first_address);
  return all;
}

/// Every address that a board of this family, or of any, can have.
std::vector<unsigned> every_address(const std::string& family) {
  std::vector<unsigned> all;
  for (const Family& one : families()) {
    if (!family.empty() && one.name != family) continue;
    const auto more = addresses_of(one);
    all.insert(all.end(), more.begin(), more.end());
  }
  std::ranges::sort(all);
  const auto repeated = std::ranges::unique(all);
  all.erase(repeated.begin(), repeated.end());
  return all;
}

/// One search on one port.
class Look {
 public:
  Look(const DetectOptions& options, const config::Config& config)
      : options_(options), config_(config), port_(link::port_of(options.tty)), search_(search_at(options.addresses)) {}

  Result<Finding> run() {
    Result<Finding> outcome = failure(ErrorKind::silent, "not looked");
    asio::co_spawn(loop_, look(), [&](const std::exception_ptr& problem, Result<Finding> found) {
      if (problem) std::rethrow_exception(problem);
      outcome = std::move(found);
    });
    loop_.run();
    progress_.clear();
    return outcome;
  }

  [[nodiscard]] std::string advice() const { return search_.advice(); }

 private:
  asio::awaitable<Result<Finding>> look() {
    auto found = co_await search_.look(line_, follower_);
    if (!found && found.error().kind == ErrorKind::silent && options_.all_addresses && !search_.several()) {
      search_ = search_at(every_address(options_.bms));
      found = co_await search_.look(line_, follower_);
    }
    if (!found) co_return std::unexpected(found.error());
    const std::vector<Candidate> others = further(found->candidate);
    auto first = co_await meet(*found, !others.empty());
    if (!first) co_return std::unexpected(first.error());
    Finding finding;
    finding.boards.push_back(*std::move(first));
    for (const Candidate& other : others) {
      auto board = co_await ask_at(other);
      if (board) {
        finding.boards.push_back(*std::move(board));
      } else if (board.error().kind == ErrorKind::link) {
        co_return std::unexpected(board.error());
      } else {
        finding.silent.push_back(other.options.variant.address);
      }
    }
    co_return finding;
  }

  /// A further board, if it is there.
  asio::awaitable<Result<FoundBoard>> ask_at(const Candidate& other) {
    line::Detection detection(line_, follower_);
    auto found = co_await detection.try_one(other);
    if (!found) co_return std::unexpected(found.error());
    co_return co_await meet(*found, true);
  }

  /// Where else on the line of `found` boards are looked for.
  [[nodiscard]] std::vector<Candidate> further(const Candidate& found) const {
    if (!found.options.variant.shares_line) return {};
    if (!options_.all_addresses) return search_.companions(found);
    std::vector<Candidate> others;
    for (const unsigned address : addresses_of(*found.family)) {
      if (address == found.options.variant.address) continue;
      others.push_back(found);
      others.back().options.variant.address = address;
    }
    return others;
  }

  /// Asks a board who it is, and for a reading where there are several to be told apart. One that was remembered, or is
  /// the only possible one, must answer before it counts as found. `found` is completed; it stays with the caller,
  /// since GCC 12 destroys an aggregate twice that is made within co_await.
  asio::awaitable<Result<FoundBoard>> meet(line::Detected& found, bool with_reading) {
    line::Session session(line_);
    if (found.why.empty()) {
      follower_.doing("asking for " + in_words(found.candidate));
      const auto probe = found.protocol->probe();
      if (auto ran = co_await session.run(*probe); !ran) co_return std::unexpected(ran.error());
      auto answer = probe->result();
      if (!answer) co_return std::unexpected(answer.error());
      found.why = *std::move(answer);
    }
    if (with_reading && found.reading.cells_v.empty()) {
      Query<Reading>& poll = found.protocol->poll();
      if (auto ran = co_await session.run(poll); !ran) co_return std::unexpected(ran.error());
      if (auto reading = poll.result()) found.reading = *std::move(reading);
    }
    // A BMS that talks by itself would have to be listened to for seconds more.
    const bool quickly = found.candidate.family->talks && found.reading.cells_v.empty();
    const auto query = found.protocol->identify();
    if (!quickly) {
      if (auto ran = co_await session.run(*query); !ran) co_return std::unexpected(ran.error());
    }
    auto device = query->result();
    co_return FoundBoard{.found = std::move(found), .device = device ? *std::move(device) : DeviceInfo{}};
  }

  [[nodiscard]] line::PortSearch search_at(const std::vector<unsigned>& addresses) const {
    return {port_, options_.bms, addresses, options_.state_directory, config_};
  }

  const DetectOptions& options_;
  const config::Config& config_;
  link::Port port_;
  line::PortSearch search_;
  asio::io_context loop_{1};
  link::SerialLink line_{loop_, port_.path, search_.candidates().front().options.variant.baud};
  driver::ProgressLine progress_{STDERR_FILENO};
  line::SearchFollower follower_{.alive = {},
                                 .doing = [this](const std::string& what) { progress_.show(what + " ..."); }};
};

ordered_json json_of(const FoundBoard& board) {
  const Reading& reading = board.found.reading;
  ordered_json json = to_json(written(board.found.candidate));
  json["model"] = board.device.model;
  json["serial"] = board.device.serial;
  json["firmware"] = board.device.firmware;
  if (!reading.cells_v.empty()) json["cells"] = reading.cells_v.size();
  if (reading.voltage_v) json["voltage_v"] = *reading.voltage_v;
  json["why"] = board.found.why;
  return json;
}

/// The first board as if it were alone; all of them where several were looked for.
ordered_json json_of(const Finding& finding) {
  ordered_json json{{"found", true}};
  json.update(json_of(finding.boards.front()));
  if (finding.boards.size() == 1 && finding.silent.empty()) return json;
  json["boards"] = ordered_json::array();
  for (const FoundBoard& board : finding.boards) json["boards"].push_back(json_of(board));
  json["silent_addresses"] = finding.silent;
  return json;
}

void print(const FoundBoard& board) {
  std::cout << "found " << in_words(board.found.candidate) << "\n  why:      " << board.found.why << "\n";
  const auto row = [](const char* name, const std::string& value) {
    if (!value.empty()) std::cout << "  " << name << value << "\n";
  };
  row("model:    ", board.device.model);
  row("serial:   ", board.device.serial.empty() ? "none; it is known by its port" : board.device.serial);
  row("firmware: ", board.device.firmware);
}

void print(const Finding& finding) {
  for (const FoundBoard& board : finding.boards) print(board);
  if (finding.silent.empty()) return;
  std::cout << "no answer at address";
  for (const unsigned address : finding.silent)
    std::cout << (address == finding.silent.front() ? " " : ", ") << address;
  std::cout << "\n";
}

ExitCode report(const Result<Finding>& outcome, const DetectOptions& options, const std::string& advice) {
  const bool silent = !outcome && outcome.error().kind == ErrorKind::silent;
  if (options.json) {
    ordered_json json = outcome ? json_of(*outcome)
                                : ordered_json{{"found", false},
                                               {"reason", name_of(outcome.error().kind)},
                                               {"message", outcome.error().message}};
    if (silent) json["advice"] = advice;
    std::cout << json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << "\n";
  } else if (outcome) {
    print(*outcome);
  } else {
    const bool of_the_port = outcome.error().kind == ErrorKind::link;
    if (!of_the_port) std::cout << "no BMS found on " << options.tty << ": ";
    std::cout << outcome.error().message << "\n";
    if (silent) std::cout << advice << "\n";
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
  const config::Config config = read_config(options.config_file);
  Look look(options, config);
  const auto outcome = look.run();
  return report(outcome, options, look.advice());
} catch (const std::invalid_argument& mistake) {
  std::cerr << mistake.what() << "\n";
  return ExitCode::configuration;
}

}  // namespace bms::cli
