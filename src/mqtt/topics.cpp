#include "mqtt/topics.hpp"

#include <algorithm>
#include <tuple>

namespace bms::mqtt {

namespace {

constexpr std::size_t longest_beginning = 200;

}  // namespace

bool begins_topics(std::string_view text) {
  const bool allowed = text.find_first_of("+#") == std::string_view::npos && text.find("//") == std::string_view::npos;
  return !text.empty() && text.size() <= longest_beginning && allowed && text.front() != '/' && text.front() != '$' &&
         text.back() != '/';
}

Topics topics_of(const Config& config, std::string_view id) {
  const std::string battery = config.base + "/" + std::string(id) + "/";
  return {.availability = battery + "availability",
          .state = battery + "state",
          .cells = battery + "cells",
          .info = battery + "info",
          .commands = battery + "command/",
          .result = battery + "command/result",
          .discovery = config.discovery_prefix + "/device/" + std::string(id) + "/config"};
}

std::string topic_id(std::string_view name) {
  std::string id{name};
  for (char& c : id) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!allowed) c = '_';
  }
  return id;
}

std::string topic_fault(const Config& config) {
  for (const auto& [option, text, may_be_empty] :
       {std::tuple<const char*, const std::string&, bool>{"base", config.base, false},
        {"discovery_prefix", config.discovery_prefix, false},
        {"alias_prefix", config.alias_prefix, true}}) {
    if (!begins_topics(text) && !(may_be_empty && text.empty()))
      return std::string("[mqtt] ") + option + " = " + text + ": expected " + topics_beginning_form;
  }
  return {};
}

}  // namespace bms::mqtt
