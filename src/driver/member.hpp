// One battery on a line: its protocol, its readings, its limits, and its service on the bus. Most lines have one; an
// RS485 line can have several.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "driver/detection.hpp"
#include "driver/exit_code.hpp"
#include "driver/poll_loop.hpp"
#include "driver/repeats.hpp"
#include "driver/watchdog.hpp"
#include "link/port.hpp"
#include "venus/battery_service.hpp"
#include "venus/battery_settings.hpp"
#include "venus/bus_connection.hpp"

namespace bms::driver {

/// What all batteries on one line share.
struct Surroundings {
  boost::asio::io_context& loop;
  link::Link& line;
  const link::Port& port;
  const config::Config& config;
  Watchdog& watchdog;
  std::function<void(ExitCode)> finish;  ///< ends the program
};

/// One battery.
class Member final : public Polled, private PollObserver {
 public:
  /// `name` is what it is called on the bus and in the configuration: the port's name, with an address on a line that
  /// has several. `protocol` talks to the board that `candidate` says.
  Member(const Surroundings& around, std::string name, const Candidate& candidate, std::unique_ptr<Protocol> protocol);

  /// One poll cycle. After the first reading the board is asked who it is, and the battery goes on its way to the bus.
  boost::asio::awaitable<Result<void>> cycle() override;
  [[nodiscard]] int failed_cycles() const override { return poll_loop_.failed_cycles(); }

  /// Whether it has ever answered.
  [[nodiscard]] bool known() const { return pipeline_.battery().contact != Contact::never; }

  /// Whether the board is still the one it was, after the line was gone. Logs it if not.
  boost::asio::awaitable<bool> still_the_same();

  [[nodiscard]] const config::Settings& settings() const { return settings_; }

 private:
  boost::asio::awaitable<DeviceInfo> identify();
  void adopt(DeviceInfo device);
  [[nodiscard]] std::string identity() const;
  [[nodiscard]] std::string location() const;
  [[nodiscard]] config::Settings settings_now() const;

  // Bus and settings.
  void meet_settings();
  void enter_bus();
  void publish();
  void await_contact_change();
  void log_contact();

  void on_reading() override;
  void on_fault(const Error& why) override;
  void on_poll_end() override { around_.watchdog.feed(); }

  Surroundings around_;
  std::string name_;
  std::string log_name_;  ///< before log lines, where several share the line: "ttyUSB0_2: "
  const Family& family_;
  std::unique_ptr<Protocol> protocol_;
  config::Settings settings_;
  Session session_;
  Pipeline pipeline_;
  PollLoop poll_loop_;
  Repeats repeats_;
  Contact logged_contact_ = Contact::never;
  bool adopted_ = false;

  boost::asio::steady_timer contact_timer_;
  boost::asio::steady_timer settings_timer_;
  boost::asio::steady_timer settled_timer_;
  venus::BusConnection bus_;
  std::optional<venus::BatterySettings> settings_client_;
  std::optional<venus::ServiceFacts> facts_;
  UserSettings user_settings_;
  std::optional<venus::BatteryItems> items_;
  std::optional<venus::BatteryService> service_;
};

}  // namespace bms::driver
