// The topics of one battery.
#pragma once

#include <string>
#include <string_view>

#include "mqtt/config.hpp"

namespace bms::mqtt {

struct Topics {
  std::string availability, state, cells, info;
  std::string commands;  ///< what comes before the name of a command
  std::string result;
  std::string discovery;
};

/// `id`: of topic_id().
[[nodiscard]] Topics topics_of(const Config& config, std::string_view id);

/// What a battery is called in topics: letters in lower case, digits, '_' and '-'.
[[nodiscard]] std::string topic_id(std::string_view name);

/// Whether all topics may begin so, and what that is in words.
[[nodiscard]] bool begins_topics(std::string_view text);
inline constexpr const char* topics_beginning_form =
    "words with / between them, none before the first or after the last, without + and #, at most 200 bytes";

/// What is wrong with the topics that are configured, in words; empty: nothing.
[[nodiscard]] std::string topic_fault(const Config& config);

}  // namespace bms::mqtt
