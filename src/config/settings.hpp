// What can be configured for one battery. The values here are the defaults, those for LiFePO4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "battery/config.hpp"
#include "bms/chemistry.hpp"
#include "bms/writes.hpp"
#include "charge/config.hpp"

namespace bms::config {

using bms::Chemistry;

/// No BMS is polled more slowly than this.
inline constexpr double longest_poll_interval_s = 60;

/// Whether a battery is shown on D-Bus.
enum class OnBus : std::uint8_t {
  automatic,  ///< where Venus is, and where it would be seen nowhere else
  yes,
  no,
};

/// An option that has followed another one.
struct Followed {
  std::string_view option;
  double before;            ///< what it would be by itself
  std::string_view leader;  ///< the last one that has moved it
};

/// Where the values of the options come from, as far as that decides what they do together.
struct Fit {
  std::vector<std::string_view> set;  ///< options that the owner has set, by their names in the table
  std::vector<Followed> followed;
};

struct Settings {
  std::string name{};  ///< for people; empty: family and serial number

  std::string bms{};                  ///< the family; empty: found out
  std::vector<unsigned> addresses{};  ///< empty: found out
  std::optional<double> baud{};       ///< empty: what the family uses
  std::optional<double> cells{};      ///< empty: as the BMS says
  std::optional<double> temperature_sensors{};
  double poll_interval_s = 1;
  std::string adapter{},
      password{};  ///< by Bluetooth; the adapter in its canonical form; empty: that of [bluetooth], none
  std::string external_battery{};  ///< name of another battery service, or the end of one; empty: none
  std::string log_level = "info";
  Writes writes = Writes::limits;
  OnBus on_bus = OnBus::automatic;
  bool trace_memory = false;

  // Without contact.
  double stale_after_s = 10;
  double release_after_s = 60;
  double keep_for_s = 0;  ///< after release_after_s; only while the last cells were between these:
  double keep_min_cell_v = 3.225;
  double keep_max_cell_v = 3.375;

  Chemistry chemistry = Chemistry::lfp;  ///< decides the values that nobody configures
  bool chemistry_configured = false;
  charge::Config charge{};
  battery::Config battery{};

  Fit fit{};
};

}  // namespace bms::config
