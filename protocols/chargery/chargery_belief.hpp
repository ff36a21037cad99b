// When a frame has an effect. Eight bits of checksum let some damaged frames through, so what jumps is not believed
// before the next frame says the same; what cannot wait is not made to.
#pragma once

#include <optional>
#include <utility>

#include "chargery/chargery_decode.hpp"

namespace bms::chargery {

/// Whether `next` can follow `last` without being confirmed. A new layout, a setting that changes and a state of charge
/// that jumps need a second frame; a protection that becomes active does not.
[[nodiscard]] bool follows(const System& last, const System& next);

/// The end voltages as far as they are known: beyond them no cell waits for a confirmation.
struct CellWindow {
  std::optional<unsigned> lowest_mv, highest_mv;
};

/// Likewise for cells. Another number of slots and a cell that jumps by more than half a volt need a second frame,
/// unless it jumps out of the window.
[[nodiscard]] bool follows(const Cells& last, const Cells& next, const CellWindow& window);

/// The last message of a kind that is believed.
template <class T>
class Belief {
 public:
  /// Takes the next message. `follows(last, next)` says whether it needs no confirmation. Returns whether it is
  /// believed.
  template <class Follows>
  bool take(const T& next, Follows follows) {
    const bool believed = !believed_ || follows(*believed_, next) || (doubted_ && follows(*doubted_, next));
    (believed ? believed_ : doubted_) = next;
    if (!believed) return false;
    doubted_.reset();
    fresh_ = true;
    return true;
  }

  [[nodiscard]] const std::optional<T>& value() const { return believed_; }

  /// Believed since the last forget_freshness().
  [[nodiscard]] bool fresh() const { return fresh_; }
  void forget_freshness() { fresh_ = false; }

 private:
  std::optional<T> believed_;
  std::optional<T> doubted_;
  bool fresh_ = false;
};

}  // namespace bms::chargery
