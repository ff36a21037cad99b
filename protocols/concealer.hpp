// Hides passwords in what passes over a line, so that whatever is shown or kept of it has none.
//
// In their place are asterisks, and the checksum is the one that fits them (or fails to fit, as that of the frame did):
// what was hidden can be decoded like everything else, and nobody can try passwords against the checksum.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "anatomy.hpp"

namespace bms {

/// What stands in place of a byte that nobody may see.
inline constexpr std::uint8_t hidden_byte = '*';

class Concealer {
 public:
  /// Hides what a question must not show, and remembers what its answer, or its echo, must not show. A question is
  /// handed over whole.
  void sent(std::span<std::uint8_t> question);

  /// Hides it in what comes, in whatever slices.
  void received(std::span<std::uint8_t> piece);

 private:
  /// A frame that is watched for, and how much of it has come.
  struct Watched {
    Secret secret;
    FrameSize size;
    std::vector<std::uint8_t> real{}, shown{};

    void pass(std::uint8_t& byte);
  };

  std::deque<Watched> watched_;  ///< the newest ones
};

/// Which bytes of a stream were hidden, as far as the question tells: a flag for each byte.
[[nodiscard]] std::vector<bool> hidden_in(Bytes stream, std::span<const Secret> secrets);

}  // namespace bms
