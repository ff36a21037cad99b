// Listening: what takes the place of the driver's questions. COM3 has a transmit pin and ground, and nothing hears what
// we send (documents V1.25 and V1.26), so a request without bytes is all there is.
#pragma once

#include <chrono>
#include <optional>

#include "bms/protocol.hpp"
#include "chargery/chargery_board.hpp"
#include "conversation.hpp"

namespace bms::chargery {

/// Frames are sent in one burst: at 115200 baud the longest lasts 5.3 ms, whatever an adapter adds to that.
inline constexpr std::chrono::milliseconds longest_pause{50};

/// Command 57 comes every second, 56 every two (documented; a board at half that speed would do as well). No 57 older
/// than five seconds gets into a reading. The second attempt is for a line that damages frames: it makes the damage
/// known to the driver, and loses nothing of what was heard.
inline constexpr Patience poll_patience{.attempts = 2,
                                        .first_byte = std::chrono::seconds(5),
                                        .whole = std::chrono::seconds(5),
                                        .gap = longest_pause,
                                        .pause = std::chrono::milliseconds(0)};

/// Within three seconds a board has sent its 57; it then gets the time for its 56.
inline constexpr Patience probe_patience{.attempts = 1,
                                         .first_byte = std::chrono::seconds(3),
                                         .whole = std::chrono::seconds(7),
                                         .gap = std::chrono::seconds(4),
                                         .pause = std::chrono::milliseconds(0)};

/// The request that only listens.
[[nodiscard]] inline Request listening(const Patience& patience) {
  return {.bytes = {},
          .reply_size = 1,
          .attempts = patience.attempts,
          .first_byte = patience.first_byte,
          .whole = patience.whole,
          .gap = patience.gap,
          .pause = patience.pause};
}

/// What there is to say when the time is up.
[[nodiscard]] Error nothing_complete(const Board& board, bool untouched);

/// What to tell the owner of a board that cannot be served.
[[nodiscard]] Error firmware_too_old();

/// Waits once for both kinds of frames; for probing and identifying.
template <class T>
class Listening : public Query<T> {
 public:
  explicit Listening(Board& board) : board_(board) { board_.forget_freshness(); }

  [[nodiscard]] std::optional<Request> request() final {
    if (over_) return std::nullopt;
    return listening(probe_patience);
  }

  Progress receive(Bytes chunk) final {
    Progress progress;
    if (over_) return progress;
    untouched_ = untouched_ && chunk.empty();
    board_.hear(chunk);
    if (board_.too_old()) {
      end(std::unexpected(firmware_too_old()));
    } else if (enough()) {
      end({});
    }
    progress.answered = over_;
    progress.missing = board_.missing();
    progress.begun = board_.fresh_system() || board_.fresh_cells();
    return progress;
  }

  [[nodiscard]] Error timed_out() final { return nothing_complete(board_, untouched_); }

  void give_up(const Error& why) final {
    if (!over_) end(std::unexpected(why));
  }

 protected:
  [[nodiscard]] const Board& heard_board() const { return board_; }
  void close() { over_ = true; }

  /// Whether what was heard will do.
  [[nodiscard]] virtual bool enough() const { return board_.fresh(); }

  /// Enough was heard, or why not.
  virtual void conclude(const Result<void>& heard) = 0;

 private:
  void end(const Result<void>& heard) {
    over_ = true;
    conclude(heard);
    // Nobody knows how long it takes until the next poll.
    board_.forget_freshness();
  }

  Board& board_;
  bool over_ = false;
  bool untouched_ = true;
};

}  // namespace bms::chargery
