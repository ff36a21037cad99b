// One question after the other: the part of a dialogue that all conversations with all boards share.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "bms/protocol.hpp"
#include "receiver.hpp"

namespace bms {

/// How patiently an answer is awaited; see Request.
struct Patience {
  int attempts;
  std::chrono::milliseconds first_byte, whole, gap, pause;
  std::chrono::milliseconds quiet{0};

  [[nodiscard]] constexpr Patience with_attempts(int number) const {
    Patience patience = *this;
    patience.attempts = number;
    return patience;
  }
};

/// The question that is open, its answer as far as it has come.
template <class RequestBytes, ExpectedAnswer Expectation>
class Exchange {
 public:
  /// Opens a question. `reply_size` is the least size of the answer that is hoped for.
  void ask(const RequestBytes& bytes, const Expectation& expected, std::size_t reply_size, const Patience& patience) {
    bytes_ = bytes;
    reply_size_ = reply_size;
    patience_ = patience;
    receiver_.expect(expected);
    open_ = true;
  }

  /// No further question.
  void close() { open_ = false; }

  [[nodiscard]] bool open() const { return open_; }

  [[nodiscard]] std::optional<Request> request() const {
    if (!open_) return std::nullopt;
    return Request{.bytes = Bytes(bytes_),
                   .reply_size = reply_size_,
                   .attempts = patience_.attempts,
                   .first_byte = patience_.first_byte,
                   .whole = patience_.whole,
                   .gap = patience_.gap,
                   .pause = patience_.pause,
                   .quiet = patience_.quiet};
  }

  [[nodiscard]] Intake<typename Expectation::Reply> receive(Bytes chunk) { return receiver_.push(chunk); }

  [[nodiscard]] Error timed_out() {
    const bool untouched = receiver_.untouched();
    const auto outcome = receiver_.finish();
    const std::string question = open_ ? "asked for " + receiver_.expected().question() + ": " : "nothing asked: ";
    if (untouched) return {ErrorKind::silent, question + "not one byte came", std::nullopt};
    if (outcome.reason != ErrorKind::unexpected_command)
      return {outcome.reason, question + "no sound answer, " + std::string(name_of(outcome.reason)), std::nullopt};
    return {ErrorKind::silent,
            question + (outcome.strangers > 0 ? "only answers to other questions came"
                        : outcome.echoes > 0  ? "only the echo of the request came"
                                              : "nothing came"),
            std::nullopt};
  }

 private:
  RequestBytes bytes_{};
  std::size_t reply_size_ = 1;
  Patience patience_{};
  Receiver<Expectation> receiver_;
  bool open_ = false;
};

/// A query that deals with answers, refusals and silence in one place.
template <class T, class RequestBytes, ExpectedAnswer Expectation>
class Conversation : public Query<T> {
 public:
  using Reply = typename Expectation::Reply;

  [[nodiscard]] std::optional<Request> request() final { return exchange_.request(); }

  Progress receive(Bytes chunk) final {
    Progress progress;
    if (!exchange_.open()) return progress;
    const Intake<Reply> intake = exchange_.receive(chunk);
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
  [[nodiscard]] Exchange<RequestBytes, Expectation>& exchange() { return exchange_; }

  /// Tells a refusal (ErrorKind::status) from an answer, for families whose frames can be either.
  [[nodiscard]] virtual Result<Reply> accepted(const Reply& reply) const { return reply; }

  /// The outcome of the open question: the reply, a refusal, or why there was no answer. What the reply points to is
  /// gone when the next question is opened. Opens the next question or closes the exchange.
  virtual void take(Result<Reply> answer) = 0;

 private:
  Exchange<RequestBytes, Expectation> exchange_;
};

}  // namespace bms
