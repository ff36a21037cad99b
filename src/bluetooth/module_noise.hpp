// Bluetooth modules put bytes of their own among those of their boards: frames of theirs, a zero after connecting,
// texts of the AT kind. A line that such bytes come over is not damaged, so whoever listens to a board is spared them.
//
// A module puts its own bytes into notifications of their own. So only beginnings of pieces are looked at, and of what
// could be a piece of an answer as well (a text, zeros) only what comes before the answer has begun.
#pragma once

#include <cstddef>

#include "bms/bytes.hpp"

namespace bms::bluetooth {

/// What a piece consists of.
struct SortedPiece {
  Bytes module;  ///< comes first
  Bytes board;
};

class ModuleNoise {
 public:
  /// A question was written: an answer begins anew.
  void asked() { answering_ = false; }

  /// Takes a piece as it came. What it returns points into it.
  [[nodiscard]] SortedPiece sort(Bytes piece);

  /// How many bytes were the module's, since the beginning.
  [[nodiscard]] std::size_t skipped() const { return skipped_; }

 private:
  bool answering_ = false;  ///< bytes of the board have come since the last question
  std::size_t skipped_ = 0;
};

}  // namespace bms::bluetooth
