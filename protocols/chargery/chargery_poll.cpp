// One poll of a Chargery board.
#include "chargery/chargery_poll.hpp"
#include "bms/words.hpp"

#include <string>
#include <utility>

namespace bms::chargery {
namespace {

/// More than a board says in three seconds. When that much comes at once the reader was away, and there may be newer
/// frames after it; what is then answered must be the newest.
constexpr std::size_t backlog = 192;

Error cannot_be(std::string why) { return {ErrorKind::implausible, std::move(why), std::nullopt}; }

}  // namespace

void Poll::start() {
  over_ = false;
  untouched_ = true;
  damage_reported_ = false;
  board_.forget_freshness();
}

std::optional<Request> Poll::request() {
  if (over_) return std::nullopt;
  return listening(poll_patience);
}

Progress Poll::receive(Bytes chunk) {
  Progress progress;
  if (over_) return progress;
  untouched_ = untouched_ && chunk.empty();
  board_.hear(chunk);
  if (damage_reported_) (void)board_.take_damage();
  progress.missing = board_.missing();
  // Damage is reported by letting this attempt end: that is what the driver counts, and what makes it vote.
  if (board_.damaged()) {
    progress.begun = true;
  } else if (chunk.size() < backlog) {
    progress.answered = conclude();
  }
  return progress;
}

Error Poll::timed_out() {
  const bool untouched = std::exchange(untouched_, true);
  if (auto damage = board_.take_damage()) {
    board_.fall_silent();
    (void)board_.take_damage();
    damage_reported_ = true;
    return {damage->kind, "listened: a damaged frame, " + damage->message, std::nullopt};
  }
  Error why = nothing_complete(board_, untouched);
  // What has waited for so long for its other half is no longer true.
  board_.forget_freshness();
  return why;
}

void Poll::give_up(const Error& why) {
  if (!over_ && !conclude()) end(std::unexpected(why));
}

bool Poll::conclude() {
  if (board_.too_old()) {
    end(std::unexpected(firmware_too_old()));
    return true;
  }
  if (!board_.fresh()) return false;
  const std::size_t slots = board_.cells()->slots_mv.size();
  if (connected_slots(*board_.cells()) == 0) {
    end(std::unexpected(cannot_be("none of the " + std::to_string(slots) + " inputs of the BMS shows a cell")));
    return true;
  }
  const std::size_t count = board_.cell_count();
  if (count == 0) return false;
  if (count > slots) {
    end(std::unexpected(cannot_be("expected " + counted(count, "cell") + ", the BMS has " + counted(slots, "input"))));
    return true;
  }
  end(reading_of(board_));
  return true;
}

void Poll::end(Result<Reading> result) {
  result_ = std::move(result);
  over_ = true;
  board_.forget_freshness();
}

}  // namespace bms::chargery
