// How the bridge is to behave; section [bridge] of config.ini.
#pragma once

#include <cstdint>
#include <string>

namespace bms::bridge {

enum class Style : std::uint8_t {
  safe,
  classic,  ///< as the script did that this replaces: 200 A or 0, and silence when the battery is gone
};

struct Config {
  bool enabled = false;
  Style style = Style::safe;
  std::string batteries = "auto";  ///< or names, ends of names or instances, with commas in between
  bool use_mode = false;           ///< chargers may be switched off by /Mode where nothing else stops them
  bool use_pv_disable = true;      ///< systemcalc may be asked to stop all PV

  double interval_s = 5;
  double stale_after_s = 12;     ///< a battery that has not been heard of for so long allows nothing
  double allow_after_s = 30;     ///< for how long a battery must allow before chargers hear of it
  double withdraw_after_s = 30;  ///< how long chargers are told 0 A after a battery left; then they are told nothing
  double escalate_after_s = 15;  ///< a charger that still charges after this time is stopped by stronger means
  double min_current_a = 1;      ///< what counts as charging
  double mode_pause_s = 60;      ///< between two switchings of the same charger
};

}  // namespace bms::bridge
