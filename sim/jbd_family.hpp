// `bms-sim jbd`.
#pragma once

#include "family.hpp"

namespace bms::sim {

[[nodiscard]] MakeBoard add_jbd_options(CLI::App& app);
[[nodiscard]] std::vector<CommandText> jbd_commands();

inline constexpr BoardFamily jbd_family{.name = "jbd",
                                        .description = "A JBD board (also LLT Power, Overkill Solar, Xiaoxiang)",
                                        .baud = 9600,
                                        .add_options = add_jbd_options,
                                        .commands = jbd_commands};

}  // namespace bms::sim
