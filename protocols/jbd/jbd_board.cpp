// What lasts between two conversations with one JBD board.
#include "jbd/jbd_board.hpp"

#include "jbd/jbd_tables.hpp"

namespace bms::jbd {
namespace {

bool any_active(const BasicInfo& info, bool ProtectionBit::* opens) {
  const auto& bits = info.addressed ? addressed_protection_bits : protection_bits;
  for (std::size_t bit = 0; bit < bits.size(); ++bit)
    if ((info.protection >> bit & 1U) != 0 && bits[bit].*opens) return true;
  return false;
}

}  // namespace

bool protection_opens_charge(const BasicInfo& info) { return any_active(info, &ProtectionBit::opens_charge); }

bool protection_opens_discharge(const BasicInfo& info) { return any_active(info, &ProtectionBit::opens_discharge); }

FetLocks learn_locks(const FetLocks& known, const BasicInfo& info) {
  if ((info.protection & software_lock_mask) == 0) return {.charge = false, .discharge = false};

  FetLocks locks = known;
  if (info.charge_fet) locks.charge = false;  // a lock would have opened it
  if (info.discharge_fet) locks.discharge = false;
  // A known lock explains bit 12; whatever else is open is a protection's doing.
  if (locks.charge == true || locks.discharge == true) return locks;

  // The lock is older than this process, or somebody else's.
  if (info.charge_fet || info.discharge_fet) return {.charge = !info.charge_fet, .discharge = !info.discharge_fet};
  // Both are off: each that no protection can have opened is locked, of the other one nothing can be said.
  return {.charge = protection_opens_charge(info) ? std::nullopt : std::optional(true),
          .discharge = protection_opens_discharge(info) ? std::nullopt : std::optional(true)};
}

void Board::learn(const BasicInfo& info) {
  heard = true;
  factory.heard();
  version = info.version;
  coarse = info.high_current;
  locks = learn_locks(locks, info);
}

}  // namespace bms::jbd
