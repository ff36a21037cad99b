// `bms-sim chargery`.
#pragma once

#include "family.hpp"

namespace bms::sim {

[[nodiscard]] MakeBoard add_chargery_options(CLI::App& app);
[[nodiscard]] std::vector<CommandText> chargery_commands();

inline constexpr BoardFamily chargery_family{.name = "chargery",
                                             .description = "A Chargery BMS8T, BMS16T or BMS24T, which talks by itself",
                                             .baud = 115200,
                                             .add_options = add_chargery_options,
                                             .commands = chargery_commands};

}  // namespace bms::sim
