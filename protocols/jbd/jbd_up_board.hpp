// What lasts between two conversations with one board of the UP series.
#pragma once

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/error.hpp"
#include "jbd/jbd_up_decode.hpp"
#include "jbd/jbd_up_frame.hpp"

namespace bms::jbd::up {

/// A block that not every board answers, on not every port: the packs behind the port of another answer their status
/// alone. Asked in vain a few times it is left alone for good; one that has answered once is not.
class ExtraBlock {
 public:
  [[nodiscard]] bool worth_asking() const { return known_ || failures_ < most_failures; }
  /// Whether what was said before is recent enough to be kept.
  [[nodiscard]] bool missed_lately() const { return failures_ > 0 && failures_ <= most_missed; }
  void note(bool answered) {
    known_ = known_ || answered;
    failures_ = answered ? 0 : failures_ + 1;
  }

 private:
  static constexpr int most_failures = 5;
  static constexpr int most_missed = 2;

  bool known_ = false;
  int failures_ = 0;
};

/// The block that was read last for a parameter, kept for the others of the same batch that it holds as well.
class BatchBlock {
 public:
  [[nodiscard]] bool holds(const Block& block) const {
    return block_ && block_->function == block.function && block_->first == block.first;
  }
  /// Precondition: holds() something.
  [[nodiscard]] Result<Bytes> content() const {
    return why_not_ ? Result<Bytes>(std::unexpected(*why_not_)) : Result<Bytes>(Bytes(payload_));
  }
  void keep(const Block& block, const Result<Bytes>& content) {
    block_ = block;
    polls_ = 0;
    why_not_ = content ? std::nullopt : std::optional(content.error());
    payload_.clear();
    if (content) payload_.assign(content->begin(), content->begin() + static_cast<std::ptrdiff_t>(kept_of(*content)));
  }
  void forget() { block_.reset(); }
  /// A batch goes on between polls; one that nobody goes on with is over.
  void poll_begins() {
    if (++polls_ > most_polls) forget();
  }

 private:
  static constexpr std::size_t most_bytes = 160;
  static constexpr int most_polls = 10;

  [[nodiscard]] static std::size_t kept_of(Bytes content) { return std::min(content.size(), most_bytes); }

  std::optional<Block> block_;
  boost::container::static_vector<std::uint8_t, most_bytes> payload_;
  std::optional<Error> why_not_;
  int polls_ = 0;
};

struct Board {
  std::uint8_t address = 1;
  bool heard = false;   ///< it has answered, or was asked in vain, once: it need not be woken any more
  bool silent = false;  ///< the last poll brought nothing; on a line with 16 packs each attempt delays all others
  std::size_t status_size = frame_overhead + 72;  ///< of the last answer; 72 is the least that holds a cell
  std::optional<std::uint16_t> firmware;

  ExtraBlock own_status, counters;
  std::optional<CurrentLimits> own_limits;  ///< of a master, whose status reports those of all packs together
  std::optional<Counters> counted;
  BatchBlock batch;
};

}  // namespace bms::jbd::up
