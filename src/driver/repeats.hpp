// Thins out what is logged again and again: an event is worth a line the first time, the tenth, the hundredth ...
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "bms/error.hpp"
#include "bms/time.hpp"

namespace bms::driver {

/// Counts faults by kind.
class Repeats {
 public:
  /// Counts one more of `kind`. Returns its number if it is worth a line: 1, 10, 100, 1000 and every thousandth after.
  /// A kind that was quiet for ten minutes starts again at 1.
  std::optional<std::uint64_t> hit(ErrorKind kind, TimePoint now) {
    Count& count = counts_[static_cast<std::size_t>(kind)];
    if (count.number > 0 && now - count.last > quiet) count.number = 0;
    count.last = now;
    ++count.number;
    const std::uint64_t n = count.number;
    if (n == 1 || n == 10 || n == 100 || n % 1000 == 0) return n;
    return std::nullopt;
  }

 private:
  static constexpr std::chrono::minutes quiet{10};

  struct Count {
    std::uint64_t number = 0;
    TimePoint last{};
  };
  std::array<Count, error_kind_count> counts_{};
};

}  // namespace bms::driver
