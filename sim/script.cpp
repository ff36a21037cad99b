// Reading scripts line by line.
#include "script.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

namespace bms::sim {

std::vector<std::string> words_of(std::string_view line) {
  std::istringstream stream{std::string(line.substr(0, line.find('#')))};
  return {std::istream_iterator<std::string>(stream), std::istream_iterator<std::string>()};
}

Outcome<std::vector<Step>> read_script(std::istream& from) {
  constexpr double longest_s = 1e7;
  std::vector<Step> steps;
  std::string text;
  for (int line = 1; std::getline(from, text); ++line) {
    std::vector<std::string> words = words_of(text);
    if (words.empty()) continue;
    double at_s = steps.empty() ? 0 : steps.back().at_s;
    if (words[0] == "at") {
      const auto time_s = words.size() > 2 ? number(words[1], at_s, longest_s) : std::nullopt;
      if (!time_s) return expected_was("line " + std::to_string(line) + ": at <seconds, not going back> <command>");
      at_s = *time_s;
      words.erase(words.begin(), words.begin() + 2);
    }
    steps.push_back({at_s, std::move(words), line});
  }
  return steps;
}

}  // namespace bms::sim
