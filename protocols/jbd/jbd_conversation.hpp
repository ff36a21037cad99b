// One question after the other: the part of a dialogue that all conversations with a JBD board share.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "bms/protocol.hpp"
#include "jbd/jbd_frame.hpp"
#include "jbd/jbd_receiver.hpp"

namespace bms::jbd {

/// How patiently an answer is awaited.
struct Patience {
  int attempts;
  std::chrono::milliseconds first_byte, whole, gap, pause;
};

/// Boards answer within 33 to 250 ms in captures, and once took 1.6 s. A receive time-out of 150 ms gave storms of
/// broken frames for one user, which 500 ms cured (syssi/esphome-jbd-bms#14).
inline constexpr Patience usual_patience{.attempts = 3,
                                         .first_byte = std::chrono::milliseconds(500),
                                         .whole = std::chrono::milliseconds(1000),
                                         .gap = std::chrono::milliseconds(200),
                                         .pause = std::chrono::milliseconds(200)};

[[nodiscard]] constexpr Patience with_attempts(int attempts) {
  Patience patience = usual_patience;
  patience.attempts = attempts;
  return patience;
}

/// The question that is open, its answer as far as it has come.
class Exchange {
 public:
  /// Opens a question. `reply_size` is the least size of the answer that is hoped for.
  void ask(const RequestBytes& bytes, std::size_t reply_size, const Patience& patience = usual_patience);
  void ask_to_read(std::uint8_t address, std::size_t payload_size) {
    ask(read_request(address), payload_size + frame_overhead);
  }
  void ask_to_write(std::uint8_t address, std::uint16_t value) { ask(write_request(address, value), frame_overhead); }

  /// No further question.
  void close() { open_ = false; }

  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] std::optional<Request> request() const;
  [[nodiscard]] Intake receive(Bytes chunk) { return receiver_.push(chunk); }
  [[nodiscard]] Error timed_out();

 private:
  RequestBytes bytes_;
  std::size_t reply_size_ = frame_overhead;
  Patience patience_ = usual_patience;
  FrameReceiver receiver_;
  bool open_ = false;
};

/// The reply if its status is 0, else an error that carries the status.
[[nodiscard]] Result<Reply> accepted(const Reply& reply);

/// A register as it is written in the vendor's texts: "0x2D".
[[nodiscard]] std::string hex(std::uint8_t byte);

/// A query that deals with answers, refusals and silence in one place.
template <class T>
class Conversation : public Query<T> {
 public:
  [[nodiscard]] std::optional<Request> request() final { return exchange_.request(); }

  Progress receive(Bytes chunk) final {
    Progress progress;
    if (!exchange_.open()) return progress;
    const Intake intake = exchange_.receive(chunk);
    progress.answered = intake.answer.has_value();
    progress.missing = intake.missing;
    progress.begun = intake.begun;
    progress.strangers = intake.strangers;
    if (intake.answer) take(accepted(*intake.answer));
    return progress;
  }

  [[nodiscard]] Error timed_out() final { return exchange_.timed_out(); }

  void give_up(const Error& why) final {
    if (exchange_.open()) take(std::unexpected(why));
  }

 protected:
  [[nodiscard]] Exchange& exchange() { return exchange_; }

  /// The outcome of the open question: the reply, a refusal (ErrorKind::status), or why there was no answer. The
  /// payload is gone when the next question is opened. Opens the next question or closes the exchange.
  virtual void take(Result<Reply> answer) = 0;

 private:
  Exchange exchange_;
};

}  // namespace bms::jbd
