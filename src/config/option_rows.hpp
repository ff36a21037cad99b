// The groups of the table of options, in the order of the documentation.
#pragma once

#include "config/options.hpp"

namespace bms::config {

[[nodiscard]] OptionGroup connection_options();
[[nodiscard]] OptionGroup silence_options();
[[nodiscard]] OptionGroup limit_options();
[[nodiscard]] OptionGroup voltage_options();
[[nodiscard]] OptionGroup full_options();
[[nodiscard]] OptionGroup curve_options();
[[nodiscard]] OptionGroup measurement_options();
[[nodiscard]] OptionGroup soc_options();
[[nodiscard]] OptionGroup alarm_options();
[[nodiscard]] OptionGroup mppt_bridge_options();
[[nodiscard]] OptionGroup broker_options();
[[nodiscard]] OptionGroup radio_options();
[[nodiscard]] OptionGroup packs_of_bank_options();

}  // namespace bms::config
