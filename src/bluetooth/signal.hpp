// How well a device is heard, in words.
#pragma once

#include <iterator>
#include <string_view>

namespace bms::bluetooth {

/// From so many dBm on. Boards below the last row reconnect often.
struct SignalRow {
  int from_dbm;
  std::string_view word;
};

inline constexpr SignalRow signal_rows[] = {{-60, "strong"}, {-70, "good"}, {-80, "fair"}};
inline constexpr std::string_view weak_signal = "weak";

/// The strongest first: 0 is strong, 3 weak.
[[nodiscard]] constexpr unsigned signal_rank(int rssi_dbm) {
  unsigned rank = 0;
  for (const SignalRow& row : signal_rows) {
    if (rssi_dbm >= row.from_dbm) return rank;
    ++rank;
  }
  return rank;
}

[[nodiscard]] constexpr std::string_view signal_word(int rssi_dbm) {
  const unsigned rank = signal_rank(rssi_dbm);
  return rank < std::size(signal_rows) ? signal_rows[rank].word : weak_signal;
}

}  // namespace bms::bluetooth
