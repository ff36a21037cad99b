#include "driver/log_sieve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace bms::driver {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "3", "-0.5", "(12.5", "3.462V,": a number, with what surrounds it. "ttyUSB0" is not one.
bool is_number(std::string_view word) {
  const auto first = word.find_first_not_of("(+-[");
  return first != std::string_view::npos && is_digit(word[first]);
}

/// Of a line without its numbers (FNV-1a).
std::uint64_t hash_of(std::string_view line) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  const auto add = [&hash](std::string_view word) {
    for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    hash *= 0x100000001B3U;
  };
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    add(is_number(word) ? "#" : word);
    line.remove_prefix(std::min(word.size() + 1, line.size()));
  }
  return hash;
}

}  // namespace

bool Allowance::take(const Rate& rate, TimePoint now) {
  const TimePoint begin = std::max(paid_until_, now - (rate.at_once - 1) * rate.pace);
  if (begin > now) return false;
  paid_until_ = begin + rate.pace;
  return true;
}

std::optional<std::string> LogSieve::pass(std::string_view line, bool is_error, TimePoint now) {
  Kind& kind = kind_of(line, now);
  if (!kind.allowance.take(alike, now)) {
    ++kind.left_out;
    return std::nullopt;
  }
  if (is_error ? !errors_together_.take(errors_together, now) : !together_.take(together, now)) {
    ++left_out_;
    return std::nullopt;
  }
  std::string written{line};
  if (const auto alike_left_out = std::exchange(kind.left_out, 0); alike_left_out > 0)
    written += fmt::format(" (and {} times since the last line like this)", alike_left_out);
  if (const auto left_out = std::exchange(left_out_, 0); left_out > 0)
    written += fmt::format(" ({} other lines were left out)", left_out);
  return written;
}

LogSieve::Kind& LogSieve::kind_of(std::string_view line, TimePoint now) {
  const std::uint64_t hash = hash_of(line);
  const auto known = std::ranges::find(kinds_, hash, &Kind::hash);
  if (known != kinds_.end()) return *known;
  if (kinds_.size() >= most_kinds)
    std::erase_if(kinds_, [now](const Kind& kind) { return kind.allowance.is_fresh(now); });
  if (kinds_.size() >= most_kinds) return others_;
  return kinds_.emplace_back(Kind{.hash = hash});
}

}  // namespace bms::driver
