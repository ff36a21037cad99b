// Which packs can be counted on now, and whether that is enough for a bank.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <span>

#include "bank/config.hpp"
#include "bank/findings.hpp"
#include "bank/member.hpp"
#include "bank/state.hpp"

namespace bms::bank {

/// Takes what each pack says into its track and moves its standing. Precondition: as many members as configured.
void call_roll(std::span<const Member> members, const Config& config, State& state, double dt_s);

struct RefusalText {
  Refusal refusal = Refusal::none;
  ShortText text;
};

/// What speaks against these packs being one bank.
[[nodiscard]] RefusalText refusal_of(std::span<const Member> members, const Config& config, const State& state);

/// Moves the stage of the bank: every pack of a string, or enough in parallel, must be heard.
void follow_contact(const Config& config, State& state, double dt_s);

/// Whether values of this pack are part of the bank's: it is fresh, or the whole bank is only returning with it.
[[nodiscard]] bool counts(const Track& track, const State& state);

/// The tracks of the configured packs.
[[nodiscard]] std::span<Track> tracks_of(const Config& config, State& state);
[[nodiscard]] std::span<const Track> tracks_of(const Config& config, const State& state);

}  // namespace bms::bank
