// A command that begins when it is its turn, and not when it is prepared.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "bms/command.hpp"
#include "bms/protocol.hpp"

namespace bms::jbd {

/// Orders wait in a queue while polls pass. Whether factory mode is held, and that it has to be left, is true only of
/// the moment in which the first question goes out.
class InTurn final : public Query<CommandResult> {
 public:
  using Begin = std::function<std::unique_ptr<Query<CommandResult>>()>;

  explicit InTurn(Begin begin) : begin_(std::move(begin)) {}

  [[nodiscard]] std::optional<Request> request() override {
    if (!begun_) begun_ = begin_();
    return begun_->request();
  }
  Progress receive(Bytes chunk) override { return begun_ ? begun_->receive(chunk) : Progress{}; }
  [[nodiscard]] Error timed_out() override { return begun_ ? begun_->timed_out() : not_begun(); }
  void give_up(const Error& why) override {
    if (begun_) begun_->give_up(why);
  }
  [[nodiscard]] Result<CommandResult> result() const override {
    return begun_ ? begun_->result() : std::unexpected(not_begun());
  }

 private:
  [[nodiscard]] static Error not_begun() { return {ErrorKind::silent, "nothing asked", std::nullopt}; }

  Begin begin_;
  std::unique_ptr<Query<CommandResult>> begun_;
};

}  // namespace bms::jbd
