// `bms-sim rec`.
#pragma once

#include "family.hpp"

namespace bms::sim {

[[nodiscard]] MakeBoard add_rec_options(CLI::App& app);
[[nodiscard]] std::vector<CommandText> rec_commands();

inline constexpr BoardFamily rec_family{.name = "rec",
                                        .description = "A REC unit: 1Q, ACTIVE BMS 4S, or a master unit for several",
                                        .baud = 56000,
                                        .add_options = add_rec_options,
                                        .commands = rec_commands};

}  // namespace bms::sim
