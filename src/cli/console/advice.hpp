// What an owner must know before something is written to boards of his family.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/console/conversation.hpp"
#include "console/request.hpp"

namespace bms::cli {

/// Before these parameters are set; each sentence once.
[[nodiscard]] std::vector<std::string_view> advice_for_settings(const Board& board,
                                                                const std::vector<console::Setting>& settings);

/// Before something is switched, or the state of charge is set.
[[nodiscard]] std::string_view advice_for_switch(console::Switch which, bool on);
[[nodiscard]] std::string_view advice_for_soc(const Board& board);

}  // namespace bms::cli
