// Options of the MPPT bridge.
#include <array>

#include "config/option_places.hpp"
#include "config/option_rows.hpp"

namespace bms::config {

namespace {

constexpr std::array<std::string_view, 2> styles{"safe", "classic"};

constexpr Option bridge_rows[] = {
    {"enabled", "", Flag{at<&bridge::Config::enabled>},
     "the bridge does something; while it does not, it switches on again what it has switched off"},
    {"mode", "", word<at<&bridge::Config::style>>(styles),
     "`safe`: see docs/bridge.md. `classic`: as the script bms-bridge did, 200 A or 0 for every charger, and nothing "
     "when the battery is gone; only for systems without DVCC and "
     "with a battery that tells systemcalc no limit",
     Careful::lower},
    {"batteries", "", Text{.place = at<&bridge::Config::batteries>, .example = "ttyUSB0, 3"},
     "which batteries must allow charging: names of services or the ends of them, or instances; `auto`: every one that "
     "tells a charge limit"},
    {"use_mode", "", Flag{at<&bridge::Config::use_mode>},
     "chargers may be switched off by /Mode where nothing else stops them, and are switched on again afterwards"},
    {"use_pv_disable", "", Flag{at<&bridge::Config::use_pv_disable>},
     "with DVCC, and where systemcalc knows /Pv/Disable: a charger that goes on charging has it stop all PV, also that "
     "on the AC side"},
    {"interval", "s", Number{3, 5, at<&bridge::Config::interval_s>},
     "how often a charger is told its limit, and a battery asked for a sign of life"},
    {"stale_after", "s", Number{6, 15, at<&bridge::Config::stale_after_s>},
     "a battery that has not been heard of for so long allows nothing", Careful::lower},
    {"allow_after", "s", Number{5, 3600, at<&bridge::Config::allow_after_s>},
     "for how long all batteries must allow charging, after one did not, before chargers hear of it", Careful::higher},
    {"withdraw_after", "s", Number{5, 300, at<&bridge::Config::withdraw_after_s>},
     "a battery that leaves the bus may only be starting anew: so long chargers are told 0 A, then nothing any more, "
     "so that they show error 67"},
    {"escalate_after", "s", Number{5, 300, at<&bridge::Config::escalate_after_s>},
     "a charger that charges the battery for so long although it must not is stopped by the next means, /Pv/Disable or "
     "/Mode",
     Careful::lower},
    {"charging_current", "A", Number{0.1, 10, at<&bridge::Config::min_current_a>}, "more than this counts as charging",
     Careful::lower},
    {"mode_pause", "s", Number{5, 3600, at<&bridge::Config::mode_pause_s>},
     "the least time between switching a charger off and on again"},
};

}  // namespace

OptionGroup mppt_bridge_options() {
  return {"The MPPT bridge: [bridge]",
          "Solar chargers off when a battery says no; see [bridge.md](bridge.md). These options stand in a section of "
          "their own.",
          bridge_rows};
}

}  // namespace bms::config
