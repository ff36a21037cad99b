// What the fuzzers share: taking the input apart, and cutting a stream into pieces.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "bms/bytes.hpp"

namespace fuzz {

using bms::Bytes;
using ByteVector = std::vector<std::uint8_t>;

/// Ends the run as a finding, with the line of the caller.
inline void must(bool holds, int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "line %d\n", line);
  std::abort();
}

/// Takes the input apart; zeros when it is used up.
class Recipe {
 public:
  explicit Recipe(Bytes bytes) : bytes_(bytes) {}

  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t value = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return value;
  }

  ByteVector bytes(std::size_t count) {
    const Bytes taken = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return {taken.begin(), taken.end()};
  }

 private:
  Bytes bytes_;
};

/// The stream in pieces of up to `longest` bytes; `seed` decides where it is cut.
inline std::vector<ByteVector> cut(const ByteVector& stream, std::uint32_t seed, std::uint32_t longest = 50) {
  std::vector<ByteVector> pieces;
  for (std::size_t at = 0; at < stream.size();) {
    seed = seed * 1664525U + 1013904223U;
    const std::size_t size = std::min<std::size_t>(1 + (seed >> 16U) % longest, stream.size() - at);
    const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(at);
    pieces.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
    at += size;
  }
  return pieces;
}

/// The stream byte by byte.
inline std::vector<ByteVector> single_bytes(const ByteVector& stream) {
  std::vector<ByteVector> pieces;
  for (const std::uint8_t byte : stream) pieces.push_back({byte});
  return pieces;
}

}  // namespace fuzz
