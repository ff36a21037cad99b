#include "cli/scan.hpp"

#include <sdbus-c++/Error.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <vector>

#include "bluetooth/scan.hpp"
#include "bms/timer.hpp"
#include "cli/scan_text.hpp"
#include "cli/watch/display.hpp"
#include "config/config.hpp"

namespace bms::cli {

namespace {

std::vector<std::string> configured_addresses(const config::Config& config) {
  std::vector<std::string> addresses;
  for (const config::BluetoothBoard& board : config.bluetooth_boards()) addresses.push_back(board.address);
  return addresses;
}

class AirLook {
 public:
  AirLook(const ScanOptions& options, const config::Config& config)
      : options_(options),
        live_(!options.json && terminal_can_redraw()),
        utf8_(!options.ascii && locale_speaks_utf8()),
        nearby_(configured_addresses(config)),
        stop_signals_(loop_, SIGINT, SIGTERM, SIGHUP),
        end_(loop_),
        display_(loop_, [this](bool colours) { return picture(colours); }),
        scan_(loop_, options.adapter.empty() ? config.section<bluetooth::Config>().adapter : options.adapter,
              {.on_seen = [this](const bluetooth::Advertisement& seen) { take(seen); },
               .on_problem = [this](const std::string& problem) { take(problem); }}) {}

  void run() {
    stop_signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) loop_.stop();
    });
    const std::chrono::duration<double> seconds{options_.seconds};
    end_.after(std::chrono::duration_cast<std::chrono::milliseconds>(seconds), [this] { loop_.stop(); });
    if (live_) display_.redraw_soon();
    loop_.run();
    display_.leave();
  }

  /// For a terminal that has been given back, or for a file.
  void print() const {
    if (options_.json) {
      const auto json = scan_json(nearby_, problem_);
      std::cout << json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
      return;
    }
    for (const std::string& line : lines(terminal_can_redraw() && terminal_wants_colours())) std::cout << line << "\n";
    const auto sections = config_lines(nearby_);
    if (sections.empty()) return;
    std::cout << "\nFor config.ini; docs/bluetooth.md says more:\n";
    for (const std::string& line : sections) std::cout << line << "\n";
  }

  [[nodiscard]] bool found() const {
    return std::ranges::any_of(nearby_.boards(),
                               [](const bluetooth::Sighting& one) { return one.recognition.look_alike.empty(); });
  }

 private:
  void take(const bluetooth::Advertisement& seen) {
    nearby_.saw(seen);
    if (live_) display_.redraw_soon();
  }

  void take(const std::string& problem) {
    problem_ = problem;
    if (live_) display_.redraw_soon();
  }

  [[nodiscard]] std::vector<std::string> lines(bool colours) const {
    std::vector<std::string> lines;
    for (const Line& line : scan_table(nearby_, problem_, utf8_))
      lines.push_back(line.print(terminal_size().columns, colours));
    return lines;
  }

  [[nodiscard]] std::vector<std::string> picture(bool colours) const {
    std::vector<std::string> picture{
        Line{}
            .add("Batteries with Bluetooth, as they are heard; Ctrl-C ends it", Style::strong)
            .print(terminal_size().columns, colours),
        ""};
    const std::vector<std::string> table = lines(colours);
    picture.insert(picture.end(), table.begin(), table.end());
    return picture;
  }

  const ScanOptions& options_;
  bool live_, utf8_;
  bluetooth::Nearby nearby_;
  std::string problem_{};
  boost::asio::io_context loop_{1};
  boost::asio::signal_set stop_signals_;
  Timer end_;
  Display display_;
  bluetooth::Scan scan_;
};

}  // namespace

ExitCode scan(const ScanOptions& options) try {
  const config::Config config =
      options.config_file.empty() ? config::Config() : config::Config::read_file(options.config_file);
  for (const config::Fault& fault : config.faults()) std::cerr << fault.text() << "\n";
  AirLook look(options, config);
  look.run();
  look.print();
  return look.found() ? ExitCode::stopped : ExitCode::not_found;
} catch (const sdbus::Error& error) {
  std::cerr << "no D-Bus: " << error.getMessage() << "\n";
  return ExitCode::lost;
}

}  // namespace bms::cli
