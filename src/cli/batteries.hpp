// Which batteries there are to be named: behind the drivers that run, and on D-Bus.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/error.hpp"
#include "console/battery_names.hpp"
#include "console/way.hpp"

namespace bms::cli {

/// A driver that runs.
struct RunningDriver {
  std::string port;
  std::unique_ptr<console::Way> way;
  std::vector<console::BatteryNames> batteries{};  ///< behind its line
  bool looking = false;                            ///< it still looks for a board
  bool silent = false;                             ///< it has not answered in time: it is busy with a board, or hangs
};

/// All drivers with a socket in this directory that let us ask. They are asked who is behind their lines, which no
/// board notices.
[[nodiscard]] std::vector<RunningDriver> running_drivers(const std::string& run_directory);

/// Why drivers that may run there cannot be asked, and what to do. Empty: nobody keeps us from it.
[[nodiscard]] std::optional<Error> denied(const std::string& run_directory);

/// A battery behind one of them.
struct MeantBattery {
  std::string port;   ///< of its driver
  std::string place;  ///< of the battery, for the driver; empty: the port alone was named, which means the only one
  /// By what it is known, for the driver: another one may be in its place by the time that it is written to. Empty:
  /// nobody knows that yet.
  std::string battery{};

  [[nodiscard]] const std::string& surest_name() const { return battery.empty() ? place : battery; }
};

/// The batteries that are called so. A port is known before its driver has found a board; and who is known on D-Bus by
/// another name is found by that as well: what its owner calls it on the screen.
[[nodiscard]] std::vector<MeantBattery> meant_among(const std::vector<RunningDriver>& drivers, std::string_view typed,
                                                    console::Ends ends);

/// The batteries on D-Bus by their names, of this driver and of others: `place` is the end of the name of the service.
/// Empty where there is no bus. Services that do not answer are waited for, for some seconds.
[[nodiscard]] std::vector<console::BatteryNames> names_on_bus();

/// All batteries behind drivers as they are listed, and the ports of those that still look for one.
[[nodiscard]] std::string listed(const std::vector<RunningDriver>& drivers);

}  // namespace bms::cli
