// One poll of a REC unit.
#include "rec/rec_poll.hpp"

#include <utility>

#include "rec/rec_plausible.hpp"
#include "rec/rec_text.hpp"

namespace bms::rec {
namespace {

/// After so many polls without an answer whatever answers next is a new contact.
constexpr unsigned silent_polls_to_start_over = 3;

/// A system that reports its cells in another way for so many polls has been rebuilt.
constexpr unsigned strange_layouts_to_start_over = 10;

const Patience& patience_for(const std::optional<Layout>& layout) {
  return layout && layout->values.size() == 1 ? usual_patience : patience_for_units;
}

constexpr std::size_t temperature_errand = errand_index("PTEM");

const Patience& patience_of(std::size_t errand, const Board& board) {
  if (errand == temperature_errand) return patience_for(board.temperatures);
  return errand == resistance_errand ? patience_for(board.cells) : usual_patience;
}

}  // namespace

void Poll::start() {
  result_ = Reading{};
  board_.poll_begins();
  step_ = Step::overview;
  stragglers_ = false;
  ask(board_.question("LCD1"));
}

void Poll::take(const Result<Answer>& answer) {
  stragglers_ = stragglers_ || asked_again();
  switch (step_) {
    case Step::overview: return take_overview(answer);
    case Step::cells: return take_cells(answer);
    case Step::fault: return take_fault(answer);
    case Step::errand: return take_errand(answer);
  }
}

void Poll::take_overview(const Result<Answer>& answer) {
  if (!answer) {
    ++board_.silent_polls;
    return end(answer.error());
  }
  if (std::exchange(board_.silent_polls, 0) >= silent_polls_to_start_over) {
    board_.start_over();
    board_.errands.begin_poll();
  }
  board_.sends_counts = board_.sends_counts || answer->counted;
  essentials_.overview = decode_overview(answer->payload());
  if (!usable(essentials_.overview))
    return end({ErrorKind::implausible, "LCD1 with voltages that cannot be measured", std::nullopt});
  step_ = Step::cells;
  ask(board_.question("CELL"), patience_for(board_.cells));
}

void Poll::take_cells(const Result<Answer>& answer) {
  if (!answer) {
    const bool strange = answer.error().kind == ErrorKind::length && board_.cells;
    board_.strange_layouts = strange ? board_.strange_layouts + 1 : 0;
    if (board_.strange_layouts >= strange_layouts_to_start_over) {
      board_.strange_layouts = 0;
      board_.start_over();
    }
    return end(answer.error());
  }
  board_.strange_layouts = 0;
  if (auto taken = rec::take_cells(*answer, board_, essentials_); !taken) return end(std::move(taken).error());
  if (auto checked = check_sum(essentials_, board_); !checked) return end(std::move(checked).error());
  step_ = Step::fault;
  ask(board_.question("ERRO"));
}

void Poll::take_fault(const Result<Answer>& answer) {
  if (!answer) return end(answer.error());
  essentials_.fault = decode_fault(answer->payload());
  step_ = Step::errand;
  next_errand();
}

void Poll::next_errand() {
  // The count before an array is a number like any setting. So nothing more is asked while one may come late; the next
  // poll begins with LCD1, which no number is taken for.
  const auto next = board_.errands.next(board_.model);
  if (!next || (stragglers_ && !sensors_wanted(*next))) return finish();
  errand_ = *next;
  const bool patient = sensors_wanted(errand_);
  const Patience& patience = patience_of(errand_, board_);
  ask(board_.question(errands[errand_].mnemonic), patience.with_attempts(patient ? patience.attempts : 1));
}

bool Poll::sensors_wanted(std::size_t errand) const {
  constexpr unsigned old = 20;
  if (errand != temperature_errand) return false;
  return board_.sensors.empty() ? board_.errands.undecided(errand) : board_.sensors.front().age() >= old;
}

void Poll::take_errand(const Result<Answer>& answer) {
  const bool late_cells = stragglers_ && errand_ == temperature_errand && answer &&
                          !tells_temperature(*answer, essentials_.overview.highest_temperature_c);
  const bool never_told = sensors_wanted(errand_) && board_.sensors.empty();
  if (answer) {
    if (!late_cells && rec::take_errand(errand_, *answer, board_)) {
      board_.errands.answered(errand_);
    } else {
      board_.errands.missed(errand_);
    }
  } else if (answer.error().kind == ErrorKind::status) {
    board_.errands.refused(errand_);
  } else if (answer.error().kind == ErrorKind::silent) {
    board_.errands.missed(errand_, never_told ? static_cast<unsigned>(patience_for_units.attempts) : 1);
  } else if (never_told) {
    return end(answer.error());
  } else {
    board_.errands.postponed();
  }
  next_errand();
}

void Poll::finish() {
  result_ = compose(essentials_, board_);
  close();
}

void Poll::end(Error why) {
  result_ = std::unexpected(std::move(why));
  close();
}

}  // namespace bms::rec
