// Several packs as one battery. This is the rule alone: a function of what the packs say, of the configuration, of what
// was remembered and of the time that has passed. It follows nobody, reads no clock and publishes nothing; history,
// averages and what is shown of single packs are made of its results by whoever runs it.
#pragma once

#include <optional>
#include <span>

#include "bank/config.hpp"
#include "bank/findings.hpp"
#include "bank/member.hpp"
#include "bank/state.hpp"
#include "bms/battery.hpp"
#include "bms/limits.hpp"

namespace bms::bank {

struct Outcome {
  Battery battery;  ///< `contact` says whether its measurements count; notices and alarms name packs
  Limits limits;
  Findings findings;
};

/// What the packs are together. `members` in the order of the configuration; `dt_s`: seconds since the last call, any
/// number that is not negative.
///
/// Guarantees, whatever the packs say: before every pack of a string was heard once, or enough packs in parallel,
/// nothing is known and no limit is there. In series nothing is a sum of fewer packs than configured; CCL and DCL are 0
/// while one of them is missing for longer than its T1 (DCL by the stages of a silence), and never above the least that
/// a pack allows. In parallel CCL and DCL are at most what the first pack can take until it is at its limit, packs that
/// fell silent included as long as the owner does not exclude them; CVL is at most that of any pack that takes part in
/// charging. Limits are never NaN or infinite, CVL is never 0, and no current is empty while CVL is not.
[[nodiscard]] Outcome combine(std::span<const Member> members, const std::optional<Shunt>& shunt, const Config& config,
                              State& state, double dt_s);

}  // namespace bms::bank
