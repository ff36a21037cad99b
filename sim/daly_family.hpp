// `bms-sim daly`.
#pragma once

#include "family.hpp"

namespace bms::sim {

[[nodiscard]] MakeBoard add_daly_options(CLI::App& app);
[[nodiscard]] std::vector<CommandText> daly_commands();

inline constexpr BoardFamily daly_family{.name = "daly",
                                         .description = "A Daly Smart BMS, classic or new",
                                         .baud = 9600,
                                         .add_options = add_daly_options,
                                         .commands = daly_commands};

}  // namespace bms::sim
