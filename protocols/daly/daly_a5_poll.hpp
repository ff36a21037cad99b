// One poll of an 0xA5 board: pack, FETs, failures and cells every time; temperatures, balancer and counters in turn,
// remembered in between. Allocates nothing while all is well.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstdint>

#include "bms/reading.hpp"
#include "daly/daly_a5_conversation.hpp"

namespace bms::daly {

class A5Poll final : public A5Conversation<Reading> {
 public:
  explicit A5Poll(A5Board& board) : A5Conversation(board) {}

  /// Begins anew, wherever the last poll ended.
  void start();

  [[nodiscard]] Result<Reading> result() const override { return result_; }

 private:
  /// The questions. Those up to `cells` are asked in this order, the others when it is their turn.
  enum class Step : std::uint8_t {
    layout,
    pack,
    fets,
    failures,
    cells,
    temperatures,
    balancer,
    status,
    cell_range,
    rated,
  };
  static constexpr std::size_t step_count = static_cast<std::size_t>(Step::rated) + 1;
  static constexpr auto first_occasional = static_cast<std::size_t>(Step::temperatures);

  void take(Result<Reply> answer) override;
  void ask_for(Step step);
  void plan_turn();
  void next_of_turn();

  /// An essential question is answered: what it said, and what is asked next.
  void take_layout(const Reply& reply);
  void take_pack(const Reply& reply);
  void take_fets(const Reply& reply);
  void take_failures(const Reply& reply);
  void take_cells(const Reply& reply);

  /// One that a board may leave unanswered.
  void take_of_turn(const Result<Reply>& answer);
  [[nodiscard]] bool settled(const Reply& reply);

  /// Asks the present question again, unless it was asked too often already.
  void doubt(const char* why);
  void finish();
  void end(Error why);

  /// Precondition: a question that a board may leave unanswered.
  [[nodiscard]] Occasional& occasional(Step step) {
    return occasional_[static_cast<std::size_t>(step) - first_occasional];
  }

  Step step_ = Step::layout;
  int asked_ = 0;      ///< how often the present question was answered
  unsigned turn_ = 0;  ///< counts polls
  boost::container::static_vector<Step, step_count - first_occasional> planned_;
  std::array<Occasional, step_count - first_occasional> occasional_{};
  unsigned temperatures_age_ = 0, balancer_age_ = 0;  ///< polls since they were confirmed
  Result<Reading> result_;
};

/// What the BMS says about itself in one complete poll, from what is believed of it.
[[nodiscard]] Reading reading_of(const A5Board& board);

}  // namespace bms::daly
