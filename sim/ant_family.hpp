// `bms-sim ant`.
#pragma once

#include "family.hpp"

namespace bms::sim {

[[nodiscard]] MakeBoard add_ant_options(CLI::App& app);
[[nodiscard]] std::vector<CommandText> ant_commands();

inline constexpr BoardFamily ant_family{.name = "ant",
                                        .description = "An ANT board of the old or of the new protocol",
                                        .baud = 19200,
                                        .add_options = add_ant_options,
                                        .commands = ant_commands};

}  // namespace bms::sim
