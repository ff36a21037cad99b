// Keeps the log readable whatever happens: what comes again and again is written less and less.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bms/time.hpp"

namespace bms::driver {

/// So many at once, then one in so much time.
struct Rate {
  int at_once;
  Clock::duration pace;
};

/// Counts how much of a rate has been used.
class Allowance {
 public:
  /// Uses it once, if that is allowed now.
  [[nodiscard]] bool take(const Rate& rate, TimePoint now);

  /// Whether nothing of it is in use, as in the beginning.
  [[nodiscard]] bool is_fresh(TimePoint now) const { return paid_until_ <= now; }

 private:
  TimePoint paid_until_ = TimePoint::min();  ///< each use costs a pace
};

/// On a GX device the log of a service is 100 kB, and some lines are written because of what others on the bus or on
/// the line do. Every line passes here, so that none of them can push everything else out, one that is added tomorrow
/// included.
class LogSieve {
 public:
  /// Lines that are alike, but for their numbers.
  static constexpr Rate alike{.at_once = 5, .pace = std::chrono::minutes{10}};
  /// All lines, for somebody may find a thousand names.
  static constexpr Rate together{.at_once = 400, .pace = std::chrono::minutes{2}};
  /// Errors, which have an allowance of their own.
  static constexpr Rate errors_together{.at_once = 200, .pace = std::chrono::minutes{2}};
  /// Kinds of lines that are told apart.
  static constexpr std::size_t most_kinds = 256;

  /// What is to be written of a line: itself, with how many were left out; empty: nothing.
  [[nodiscard]] std::optional<std::string> pass(std::string_view line, bool is_error, TimePoint now);

 private:
  struct Kind {
    std::uint64_t hash = 0;
    Allowance allowance{};
    std::uint64_t left_out = 0;
  };

  [[nodiscard]] Kind& kind_of(std::string_view line, TimePoint now);

  std::vector<Kind> kinds_;
  Kind others_;  ///< those for which there is no room
  Allowance together_, errors_together_;
  std::uint64_t left_out_ = 0;  ///< because of the latter
};

}  // namespace bms::driver
