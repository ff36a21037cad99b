// One poll of a board of the UP series: one block holds all that matters. Allocates nothing while all is well.
#pragma once

#include <cstdint>
#include <optional>

#include "bms/reading.hpp"
#include "jbd/jbd_up_conversation.hpp"

namespace bms::jbd::up {

/// Everything that the status says, as a Reading; the limits as they are there.
[[nodiscard]] Reading reading_of(const PackStatus& status);

/// What a pack may be charged and discharged with, given what its status reports. A master reports the sum over all
/// packs; its own part is what it says of itself alone, if that is known, else an even share. Never more than the sum.
[[nodiscard]] CurrentLimits limits_of_pack(const CurrentLimits& told, unsigned packs,
                                           const std::optional<CurrentLimits>& own);

/// Why a sound status cannot be true; the limits of single values are the business of Bounds.
[[nodiscard]] std::optional<Error> implausible(const PackStatus& status);

class Poll final : public UpConversation<Reading> {
 public:
  explicit Poll(Board& board) : UpConversation(board) {}

  /// Begins anew, wherever the last poll ended.
  void start();

  [[nodiscard]] Result<Reading> result() const override { return result_; }

 private:
  enum class Step : std::uint8_t { status, own_status, counters };

  [[nodiscard]] int attempts();
  void take(Result<Reply> answer) override;
  void take_status(const Result<Reply>& answer);
  void take_own_limits(const Result<Reply>& answer);
  [[nodiscard]] bool speaks_for_others();
  void next_after(Step step);
  void finish();
  void end(Error why);

  Step step_ = Step::status;
  unsigned turn_ = 0;  ///< counts polls that brought a status
  CurrentLimits told_{};
  std::optional<unsigned> packs_;  ///< whose limits that is the sum of; empty: the status does not say
  Result<Reading> result_;
};

}  // namespace bms::jbd::up
