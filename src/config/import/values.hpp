// How single values of dbus-serialbattery's config.ini become ours. Each takes the whole file, as some values depend on
// others, and the row of the table that asks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/import/table.hpp"
#include "config/settings.hpp"

namespace bms::config {

// What a row comes to.
[[nodiscard]] Converted taken(std::string value);
[[nodiscard]] Converted ask(std::string question);
[[nodiscard]] Converted without_meaning(std::string reason);

/// What the cells are made of, as far as MAX_CELL_VOLTAGE shows it; LFP, which that driver is made for, if it does not.
[[nodiscard]] Chemistry chemistry_of(const ForeignFile& file);

/// How far cells of that chemistry may go by an option of cell_range_rows().
[[nodiscard]] double highest_of(const ForeignFile& file, std::string_view option);
[[nodiscard]] double lowest_of(const ForeignFile& file, std::string_view option);

/// The text without the double quotes around it.
[[nodiscard]] std::string_view unquoted(std::string_view text);

/// What becomes of the boards in BLUETOOTH_BMS, each of them a type and an address.
[[nodiscard]] std::string by_bluetooth(std::string_view boards);

Converted number(const ForeignFile& file, const ImportRow& row);
Converted number_unless_empty(const ForeignFile& file, const ImportRow& row);
Converted number_or_zero(const ForeignFile& file, const ImportRow& row);
Converted number_or_off(const ForeignFile& file, const ImportRow& row);
Converted flag(const ForeignFile& file, const ImportRow& row);
Converted text(const ForeignFile& file, const ImportRow& row);

Converted log_level(const ForeignFile& file, const ImportRow& row);
Converted family(const ForeignFile& file, const ImportRow& row);
Converted addresses(const ForeignFile& file, const ImportRow& row);
Converted external_battery(const ForeignFile& file, const ImportRow& row);
Converted chemistry(const ForeignFile& file, const ImportRow& row);
Converted profile(const ForeignFile& file, const ImportRow& row);
Converted float_cell_voltage(const ForeignFile& file, const ImportRow& row);
Converted min_cell_voltage(const ForeignFile& file, const ImportRow& row);
Converted cable_drop(const ForeignFile& file, const ImportRow& row);
Converted absorption_cell_voltage(const ForeignFile& file, const ImportRow& row);
Converted balancing_cell_voltage(const ForeignFile& file, const ImportRow& row);
Converted full_charge_days(const ForeignFile& file, const ImportRow& row);
Converted capacity(const ForeignFile& file, const ImportRow& row);
Converted inverted(const ForeignFile& file, const ImportRow& row);
Converted role(const ForeignFile& file, const ImportRow& row);
Converted sensor_offset(const ForeignFile& file, const ImportRow& row);
Converted sensor_slope(const ForeignFile& file, const ImportRow& row);
Converted soc_source(const ForeignFile& file, const ImportRow& row);
Converted current_source(const ForeignFile& file, const ImportRow& row);
Converted keep_for(const ForeignFile& file, const ImportRow& row);
Converted absorption_spread(const ForeignFile& file, const ImportRow& row);
Converted rebulk_discharged(const ForeignFile& file, const ImportRow& row);
Converted rebulk_spread(const ForeignFile& file, const ImportRow& row);

// Rows with a list of places, a list of shares and a switch.
Converted curve(const ForeignFile& file, const ImportRow& row);
Converted charge_cell_curve(const ForeignFile& file, const ImportRow& row);
Converted discharge_cell_curve(const ForeignFile& file, const ImportRow& row);
Converted charge_soc_curve(const ForeignFile& file, const ImportRow& row);
Converted discharge_soc_curve(const ForeignFile& file, const ImportRow& row);
Converted current_map(const ForeignFile& file, const ImportRow& row);

/// Where the owner's own table of charge currents by cell voltage ends. Empty optional: there is none that becomes a
/// curve.
[[nodiscard]] std::optional<double> end_of_own_charge_table(const ForeignFile& file);

/// Where the table ends that the version of the file was shipped with, or, where that is not certain, the one of any
/// version that goes furthest. Empty optional: it is switched off.
[[nodiscard]] std::optional<double> end_of_shipped_charge_table(const ForeignFile& file);

/// Where the table of discharge currents by cell voltage ends that the version of the file was shipped with; where that
/// is not certain, the one of any version that goes least far. Empty optional: the owner's own one counts, or none.
[[nodiscard]] std::optional<double> end_of_shipped_discharge_table(const ForeignFile& file);

}  // namespace bms::config
