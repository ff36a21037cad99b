#include "config/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

namespace bms::config {

namespace {

constexpr std::string_view blanks = " \t\r\n";

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

constexpr std::array<std::pair<std::string_view, bool>, 8> flags{{
    {"yes", true},
    {"no", false},
    {"true", true},
    {"false", false},
    {"on", true},
    {"off", false},
    {"1", true},
    {"0", false},
}};

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (auto end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    pieces.push_back(trimmed(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  pieces.push_back(trimmed(text));
  return pieces;
}

bool equal_without_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

double settled(double value) {
  constexpr double per_unit = 1e6;
  constexpr double exact_below = 1e9;  // beyond, a double has no millionths
  const double kept = std::abs(value) < exact_below ? std::round(value * per_unit) / per_unit : value;
  return kept == 0 ? 0 : kept;
}

std::string number_text(double value) {
  std::array<char, 400> digits{};  // the longest double is 309 digits long
  const auto written =
      std::to_chars(digits.data(), digits.data() + digits.size(), settled(value), std::chars_format::fixed);
  return {digits.data(), written.ptr};
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

std::string broken(std::string_view text, std::string_view begin) {
  constexpr std::size_t longest = 120;
  std::string lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(" \n");
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (word.empty()) continue;
    if (!line.empty() && line.size() + 1 + word.size() > longest) lines += std::exchange(line, {}) + "\n";
    line += line.empty() ? begin : " ";
    line += word;
  }
  return lines + line;
}

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole_text = problem == std::errc{} && end == text.data() + text.size();
  return whole_text && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::string_view> without_unit(std::string_view text, std::string_view unit) {
  text = trimmed(text);
  if (unit.empty() || text.size() < unit.size()) return std::nullopt;
  const std::string_view end = text.substr(text.size() - unit.size());
  return equal_without_case(end, unit) ? std::optional(trimmed(text.substr(0, text.size() - unit.size())))
                                       : std::nullopt;
}

std::string_view behind_number(std::string_view text) {
  text = trimmed(text);
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc::invalid_argument ? std::string_view{}
                                                : trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
}

std::optional<std::vector<double>> parse_numbers(std::string_view text) {
  std::vector<double> numbers;
  for (const std::string_view piece : split(text, ',')) {
    const auto number = parse_number(piece);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

std::optional<bool> parse_flag(std::string_view text) {
  const auto* const found =
      std::ranges::find_if(flags, [text](const auto& flag) { return equal_without_case(flag.first, trimmed(text)); });
  return found == flags.end() ? std::nullopt : std::optional(found->second);
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, change});
    }
  }
  return row.back();
}

}  // namespace bms::config
