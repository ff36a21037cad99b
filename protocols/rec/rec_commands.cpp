// Commands to a REC unit.
#include "rec/rec_commands.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "rec/rec_conversation.hpp"
#include "rec/rec_parameters.hpp"
#include "rec/rec_text.hpp"

namespace bms::rec {
namespace {

class CommandConversation : public RecConversation<CommandResult> {
 public:
  [[nodiscard]] Result<CommandResult> result() const final { return result_; }

 protected:
  void conclude(Result<CommandResult> result) {
    result_ = std::move(result);
    close();
  }

 private:
  Result<CommandResult> result_;
};

class ReadCommand final : public CommandConversation {
 public:
  ReadCommand(const Board& board, const Instruction& instruction) : question_(board.question(instruction.name)) {
    ask(question_, question_.shape == Shape::per_unit ? patience_for_units : usual_patience);
  }

 private:
  void take(const Result<Answer>& answer) override {
    if (!answer) return conclude(std::unexpected(answer.error()));
    const auto number = number_of(answer->payload());
    const bool is_number = question_.shape == Shape::number || question_.shape == Shape::count;
    if (is_number && number) return conclude(*number);
    conclude(describe(*answer, question_));
  }

  Question question_;
};

class WriteCommand final : public CommandConversation {
 public:
  WriteCommand(Board& board, const Instruction& instruction, std::string text)
      : board_(board), instruction_(instruction), text_(std::move(text)), wanted_(std::stod(text_)) {
    read(Step::read);
  }

 private:
  enum class Step : std::uint8_t { read, write, check };

  void read(Step step) {
    step_ = step;
    ask(board_.question(instruction_.name));
  }

  void take(const Result<Answer>& answer) override {
    if (step_ == Step::write) return take_acknowledgement(answer);
    if (!answer) return conclude(std::unexpected(write_error_.value_or(answer.error())));
    const double found = number_of(answer->payload()).value();
    step_ == Step::read ? compare(found) : check(found);
  }

  void compare(double found) {
    if (std::abs(found - wanted_) < instruction_.resolution / 2) return conclude(found);
    before_ = found;
    step_ = Step::write;
    ask_to_write(board_.unit, instruction_.name, text_);
  }

  void take_acknowledgement(const Result<Answer>& answer) {
    board_.errands.renew_settings();
    if (!answer && answer.error().kind == ErrorKind::status)
      return conclude(failure(ErrorKind::status,
                              std::string(instruction_.name) + " " + text_ + ": the unit refused, nothing is changed"));
    // A lost acknowledgement proves nothing: reading back decides.
    if (!answer) write_error_ = answer.error();
    read(Step::check);
  }

  /// Units round what they are told; but what did not come nearer was not written.
  void check(double found) {
    const bool nearer = std::abs(found - wanted_) < std::abs(before_ - wanted_);
    if (nearer && same_number(found, wanted_)) return conclude(found);
    if (write_error_) return conclude(std::unexpected(*write_error_));
    conclude(failure(ErrorKind::unverified,
                     std::string(instruction_.name) + ": wrote " + text_ + ", read back " + number_text(found)));
  }

  Board& board_;
  const Instruction& instruction_;
  std::string text_;
  double wanted_, before_ = 0;
  Step step_ = Step::read;
  std::optional<Error> write_error_;
};

using Prepared = Result<std::unique_ptr<Query<CommandResult>>>;

Prepared prepare_write(std::string_view mnemonic, double value, Board& board) {
  const auto instruction = instruction_named(mnemonic);
  if (!instruction) return std::unexpected(instruction.error());
  auto text = text_to_write(**instruction, value, board.model);
  if (!text) return std::unexpected(std::move(text).error());
  return std::make_unique<WriteCommand>(board, **instruction, *std::move(text));
}

Prepared prepare(const SetFet& command, Board& /*board*/) {
  return failure(ErrorKind::rejected,
                 std::string("a REC unit has no instruction that switches the ").append(name_of(command.fet)));
}

Prepared prepare(const SetBalancer& /*command*/, Board& /*board*/) {
  return failure(ErrorKind::rejected, "balancing of a REC unit cannot be switched; BMIN sets where it starts");
}

Prepared prepare(const SetSoc& command, Board& board) { return prepare_write("SOCS", command.soc_pct / 100, board); }

Prepared prepare(const ReadParameter& command, Board& board) {
  const auto instruction = instruction_named(command.name);
  if (!instruction) return std::unexpected(instruction.error());
  if (!may_know(board.model, (*instruction)->models))
    return failure(ErrorKind::unsupported, std::string((*instruction)->name).append(" is unknown to this model"));
  return std::make_unique<ReadCommand>(board, **instruction);
}

Prepared prepare(const WriteParameter& command, Board& board) {
  return prepare_write(command.name, command.value, board);
}

}  // namespace

Prepared make_command(const Command& command, Board& board) {
  return std::visit([&board](const auto& chosen) { return prepare(chosen, board); }, command);
}

}  // namespace bms::rec
