// What conversations with REC units have in common.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "bms/protocol.hpp"
#include "rec/rec_exchange.hpp"

namespace bms::rec {

/// One question after the other; answers, refusals and silence are dealt with in one place.
template <class T>
class RecConversation : public Query<T> {
 public:
  [[nodiscard]] std::optional<Request> request() final { return exchange_.request(); }

  Progress receive(Bytes chunk) final {
    Progress progress;
    if (!exchange_.open()) return progress;
    if (const auto answer = exchange_.receive(chunk, progress)) take(*answer);
    return progress;
  }

  [[nodiscard]] Error timed_out() final { return exchange_.timed_out(); }

  void give_up(const Error& why) final {
    if (!exchange_.open()) return;
    if (const auto answer = exchange_.late_answer()) return take(*answer);
    take(std::unexpected(why));
  }

 protected:
  void ask(const Question& question, const Patience& patience = usual_patience) {
    exchange_.ask(read_request(question.unit, question.mnemonic), question, patience);
  }

  /// A write is sent once: when its acknowledgement is lost, reading back tells what became of it.
  void ask_to_write(std::uint8_t unit, std::string_view mnemonic, std::string_view number) {
    exchange_.ask(write_request(unit, mnemonic, number), write_question(unit, mnemonic),
                  usual_patience.with_attempts(1));
  }

  /// Whether the question that take() is called for was asked more than once, or in vain: then an answer to it may come
  /// later, when something else is asked.
  [[nodiscard]] bool asked_again() const { return exchange_.attempts_missed() > 0; }

  /// No further question.
  void close() { exchange_.close(); }

  /// The outcome of the open question. What the answer points to is gone when the next question is opened. Opens the
  /// next question or closes.
  virtual void take(const Result<Answer>& answer) = 0;

 private:
  Exchange exchange_;
};

}  // namespace bms::rec
