// Is there an 0xA5 board?
#include "daly/daly_a5_probe.hpp"
#include "bms/words.hpp"

#include <utility>

namespace bms::daly {
namespace {

/// A healthy board answers within 120 ms.
constexpr Patience probe_patience{.attempts = 3,
                                  .first_byte = std::chrono::milliseconds(250),
                                  .whole = std::chrono::milliseconds(400),
                                  .gap = a5_patience.gap,
                                  .pause = a5_patience.pause,
                                  .quiet = a5_patience.quiet};

}  // namespace

A5Probe::A5Probe(A5Board& board) : A5Conversation(board) { ask(commands::status, probe_patience); }

void A5Probe::take(Result<Reply> answer) {
  if (!answer) return end(std::unexpected(std::move(answer).error()));
  has_status_ ? take_pack(*answer) : take_status(*answer);
}

void A5Probe::take_status(const Reply& reply) {
  status_ = decode_status(reply.data);
  if (!plausible(status_)) {
    end(failure(ErrorKind::implausible, "a status frame of " + counted(status_.cells, "cell") + " and " +
                                            counted(status_.sensors, "temperature sensor")));
    return;
  }
  has_status_ = true;
  ask(commands::pack, probe_patience);
}

void A5Probe::take_pack(const Reply& reply) {
  const PackState state = decode_pack(reply.data);
  if (!plausible(state, status_.cells))
    return end(failure(ErrorKind::implausible, "a status frame of " + counted(status_.cells, "cell") +
                                                   ", but a voltage or current that they cannot have"));
  board().learn(status_);
  end("status frame of board " + std::to_string(board_behind(board().host)) + ", " + counted(status_.cells, "cell"));
}

void A5Probe::end(Result<std::string> result) {
  result_ = std::move(result);
  close();
}

}  // namespace bms::daly
