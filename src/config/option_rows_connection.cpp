// Options of the way to the BMS, and of what happens while it is silent.
#include <algorithm>
#include <array>

#include "config/option_places.hpp"
#include "config/option_rows.hpp"
#include "registry.hpp"

namespace bms::config {

namespace {

std::vector<std::string_view> families_of_bms() {
  std::vector<std::string_view> names;
  for (const Family& family : families()) names.push_back(family.name);
  return names;
}

std::vector<std::string_view> log_levels() { return {"debug", "info", "warning", "error"}; }

constexpr std::array writes{name_of(Writes::no), name_of(Writes::limits), name_of(Writes::switches),
                            name_of(Writes::parameters)};

constexpr std::array<std::string_view, 3> on_bus{"auto", "yes", "no"};

bool is_password(std::string_view text) {
  constexpr std::size_t length = 6;
  return text.size() == length && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

constexpr Option connection[] = {
    {"name", "", Text{.place = at<&Settings::name>, .example = "House 1"},
     "what the battery is called; empty: family and serial number. A name given on the GX device comes first"},
    {"bms", "", Text{.place = at<&Settings::bms>, .one_of = families_of_bms},
     "the BMS family on this port; it is waited for when it does not answer; empty: it is found out"},
    {"address", "", Addresses{0, 127, at<&Settings::addresses>},
     "addresses of the boards on this line; each is a battery of its own; empty: found out"},
    {"baud", "baud", OptionalNumber{300, 1'000'000, at<&Settings::baud>, "auto", true},
     "speed of the line, where it is not the family's own"},
    {"cells", "", OptionalNumber{1, 64, at<&Settings::cells>, "auto", true},
     "cells in series, for boards that do not tell how many of their inputs are connected"},
    {"temperature_sensors", "", OptionalNumber{1, 16, at<&Settings::temperature_sensors>, "auto", true},
     "sensors that are fitted, for boards that do not tell"},
    {"poll_interval", "s", Number{0.2, longest_poll_interval_s, at<&Settings::poll_interval_s>},
     "time from one poll of the BMS to the next"},
    {"adapter", "",
     Text{.place = at<&Settings::adapter>,
          .example = "00:1A:7D:DA:71:13",
          .fits = bluetooth::is_address,
          .form = bluetooth_address_form,
          .kept = kept_address},
     "the Bluetooth adapter that this battery is reached by, by its address; empty: that of [bluetooth]"},
    {"password", "",
     Text{.place = at<&Settings::password>, .example = "123456", .fits = is_password, .form = "six letters or digits"},
     "of the board's Bluetooth module, where its app asks for one; JBD alone does so before it can be read. Neither "
     "the "
     "log nor `config show` has it",
     Careful::neither, true},
    {"external_battery", "", Text{.place = at<&Settings::external_battery>, .example = "ttyS2"},
     "another battery service on the bus, a shunt for instance, by its name or the end of it; see `soc_source` and "
     "`current_source`"},
    {"writes", "", word<at<&Settings::writes>>(writes),
     "what may be changed by hand while the driver runs: `limits` are its own settings for the owner, `switches` the "
     "FETs, the balancer and the state of charge of the BMS as well, `parameters` those of the BMS as well",
     Careful::lower},
    {"dbus", "", word<at<&Settings::on_bus>>(on_bus),
     "the battery is shown on D-Bus; `auto`: where Venus is, and where no broker is configured. Without D-Bus the "
     "settings of its owner are kept with the state of the driver"},
    {"trace_memory", "", Flag{at<&Settings::trace_memory>},
     "keep what has passed over the line in the last minute, so that `dbus-bms trace` can show what was before it was "
     "asked; takes 100 kB of memory"},
    {"log_level", "", Text{.place = at<&Settings::log_level>, .one_of = log_levels}, "what is worth a line in the log"},
};

constexpr Option silence[] = {
    {"stale_after", "s", Number{3, 60, at<&Settings::stale_after_s>},
     "after this time without a reading measurements are invalid and nothing is charged any more; at least three poll "
     "intervals",
     Careful::lower},
    {"release_after", "s", Number{10, 1800, at<&Settings::release_after_s>},
     "after this time without a reading the battery stops being a managed one and chargers stop by their own time-out",
     Careful::lower},
    {"keep_for", "s", Number{0, 1800, at<&Settings::keep_for_s>},
     "how much longer, after `release_after`, the battery may be used although its BMS is silent; only when the last "
     "cell voltages lay between the two below and no alarm stood; 0: not at all",
     Careful::lower},
    {"keep_min_cell_voltage", "V", Number{1, 4.5, at<&Settings::keep_min_cell_v>}, "lowest cell for `keep_for`",
     Careful::higher},
    {"keep_max_cell_voltage", "V", Number{1, 4.5, at<&Settings::keep_max_cell_v>}, "highest cell for `keep_for`",
     Careful::lower},
    {"keep_charge_rate", "C", Number{0, 0.1, at<&charge::Config::kept_charge_c>},
     "what may be charged during `keep_for`, as a multiple of the capacity", Careful::lower},
    {"keep_discharge_rate", "C", Number{0, 0.2, at<&charge::Config::kept_discharge_c>},
     "what may be discharged during `keep_for`, as a multiple of the capacity", Careful::lower},
};

}  // namespace

OptionGroup connection_options() { return {"The BMS and how it is reached", "Most of it is found out.", connection}; }

OptionGroup silence_options() {
  return {"When the BMS is silent", "How long it is waited for, and what is still allowed meanwhile.", silence};
}

}  // namespace bms::config
