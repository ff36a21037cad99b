// One poll of a REC unit: LCD1, CELL and ERRO make a Reading, with what errands have brought before or bring now.
// Allocates nothing while all is well.
#pragma once

#include <cstddef>
#include <cstdint>

#include "bms/reading.hpp"
#include "rec/rec_board.hpp"
#include "rec/rec_conversation.hpp"
#include "rec/rec_reading.hpp"

namespace bms::rec {

class Poll final : public RecConversation<Reading> {
 public:
  explicit Poll(Board& board) : board_(board) {}

  /// Begins anew, wherever the last poll ended.
  void start();

  [[nodiscard]] Result<Reading> result() const override { return result_; }

 private:
  enum class Step : std::uint8_t { overview, cells, fault, errand };

  void take(const Result<Answer>& answer) override;
  void take_overview(const Result<Answer>& answer);
  void take_cells(const Result<Answer>& answer);
  void take_fault(const Result<Answer>& answer);
  void take_errand(const Result<Answer>& answer);

  /// Whether an errand is the one that reads the sensors, and they are wanted: they have not been read for long, or
  /// never. Then their number is not known either, which must not change once it is shown, so the first reading waits.
  [[nodiscard]] bool sensors_wanted(std::size_t errand) const;

  void next_errand();
  void finish();
  void end(Error why);

  Board& board_;
  Step step_ = Step::overview;
  std::size_t errand_ = 0;
  bool stragglers_ = false;  ///< an answer may still come to a question of this poll that was asked again
  Essentials essentials_;
  Result<Reading> result_;
};

}  // namespace bms::rec
