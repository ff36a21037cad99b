// How single values of dbus-serialbattery's config.ini become ours. Each takes the whole file, as some values depend on
// others, and the row of the table that asks.
#pragma once

#include "config/import_table.hpp"

namespace bms::config {

Converted number(const ForeignValues& values, const ImportRow& row);
Converted number_unless_empty(const ForeignValues& values, const ImportRow& row);
Converted number_or_zero(const ForeignValues& values, const ImportRow& row);
Converted flag(const ForeignValues& values, const ImportRow& row);
Converted text(const ForeignValues& values, const ImportRow& row);
Converted first_of_two(const ForeignValues& values, const ImportRow& row);
Converted second_of_two(const ForeignValues& values, const ImportRow& row);

Converted log_level(const ForeignValues& values, const ImportRow& row);
Converted family(const ForeignValues& values, const ImportRow& row);
Converted addresses(const ForeignValues& values, const ImportRow& row);
Converted chemistry(const ForeignValues& values, const ImportRow& row);
Converted profile(const ForeignValues& values, const ImportRow& row);
Converted capacity(const ForeignValues& values, const ImportRow& row);
Converted inverted(const ForeignValues& values, const ImportRow& row);
Converted role(const ForeignValues& values, const ImportRow& row);
Converted soc_source(const ForeignValues& values, const ImportRow& row);
Converted current_source(const ForeignValues& values, const ImportRow& row);
Converted keep_for(const ForeignValues& values, const ImportRow& row);

Converted absorption_spread(const ForeignValues& values, const ImportRow& row);
Converted rebulk_discharged(const ForeignValues& values, const ImportRow& row);
Converted rebulk_spread(const ForeignValues& values, const ImportRow& row);

/// Rows with a list of places, a list of shares and a switch.
Converted curve(const ForeignValues& values, const ImportRow& row);
Converted cell_curve(const ForeignValues& values, const ImportRow& row);
Converted charge_cell_curve(const ForeignValues& values, const ImportRow& row);
Converted current_map(const ForeignValues& values, const ImportRow& row);

}  // namespace bms::config
