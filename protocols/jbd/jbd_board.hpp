// What lasts between two conversations with one JBD board.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "jbd/jbd_decode.hpp"
#include "jbd/jbd_factory_session.hpp"
#include "jbd/jbd_frame.hpp"

namespace bms::jbd {

/// Which FETs are switched off by the software lock of register E1. Empty: cannot be known.
struct FetLocks {
  std::optional<bool> charge;
  std::optional<bool> discharge;

  friend bool operator==(const FetLocks&, const FetLocks&) = default;
};

/// The locks as register 03 lets them be known, given what was known before.
///
/// Register E1 always sets both locks at once, so the one that is not meant must be repeated. It cannot be read back:
/// the FET bits also drop when a protection opens a FET, and repeating those would turn a passing protection into a
/// lasting lock. Bit 12 of the protection word says only that some lock is set.
[[nodiscard]] FetLocks learn_locks(const FetLocks& known, const BasicInfo& info);

/// Whether one of the protections that are active now may itself have opened the FET.
[[nodiscard]] bool protection_opens_charge(const BasicInfo& info);
[[nodiscard]] bool protection_opens_discharge(const BasicInfo& info);

/// What is known of the board, and what is still owed to it.
struct Board {
  BoardAddress address{};              ///< on a line that it shares
  SumCovers sum = SumCovers::unknown;  ///< what its checksums were found to cover
  bool heard = false;                  ///< it has answered, or was asked in vain, once: it need not be woken any more
  std::optional<std::uint8_t> version;
  std::size_t basic_info_size = 30;  ///< of the last reply; 30 is the shortest there is
  bool coarse = false;               ///< its unit flag is set
  FetLocks locks;
  FactorySession factory;
  bool refusal_met = false;  ///< a refused poll has been answered by leaving factory mode, which is done once

  void learn(const BasicInfo& info);
};

}  // namespace bms::jbd
