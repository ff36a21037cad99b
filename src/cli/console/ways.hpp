// How the console gets to a board.
#pragma once

#include <memory>
#include <string>

#include "bms/error.hpp"
#include "console/way.hpp"
#include "driver/daemon.hpp"

namespace bms::cli {

/// Which board is meant. All of it may be empty: then the only running driver, or the only port.
struct WayOptions {
  std::string port{};         ///< "ttyUSB0", "/dev/ttyUSB0" or any path
  std::string battery{};      ///< by any of its names, as of console::batteries_meant()
  std::string socket{};       ///< of a running driver
  std::string config_file{};  ///< empty: nothing is configured
  std::string state_directory = driver::usual_state_directory();
  std::string run_directory = driver::usual_run_directory();
  unsigned wait_s = 15;  ///< as long is waited for others who are at work there
};

/// A way, and what the battery is called on it.
struct FoundWay {
  std::unique_ptr<console::Way> way;
  std::string battery;  ///< empty: the only one
};

/// The way to the board that is meant: through the driver that owns its line, or else over the port itself. Errors: why
/// there is none; ErrorKind::rejected when it is not clear which one is meant, with those that there are; silent where
/// nobody is called so; busy when another program has had the port all the time.
[[nodiscard]] Result<FoundWay> find_way(const WayOptions& options);

}  // namespace bms::cli
