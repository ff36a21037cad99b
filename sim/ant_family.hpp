// `bms-sim ant`.
#pragma once

#include "family.hpp"

namespace bms::sim {

[[nodiscard]] MakeBoard add_ant_options(CLI::App& app);

inline constexpr BoardFamily ant_family{.name = "ant",
                                        .description = "An ANT board of the old or of the new protocol",
                                        .baud = 19200,
                                        .add_options = add_ant_options};

}  // namespace bms::sim
