// A board that talks for hours over a line that damages one byte in a hundred: nothing false gets through the vote and
// the plausibility check after it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <ranges>

#include "battery/consensus.hpp"
#include "battery/plausibility.hpp"
#include "chargery/chargery.hpp"
#include "chargery_wire.hpp"

namespace bms::chargery {
namespace {

using chargery_test::ByteVector;
using Random = std::mt19937;

/// A pack whose every value moves a little all the time, and what it has said lately.
class Talker {
 public:
  explicit Talker(std::uint32_t seed) : random_(seed) {}

  /// What the board says in this half second.
  ByteVector speak(unsigned half_second) {
    ByteVector bytes;
    if (half_second % 2 == 0) {
      move();
      system_.mode = current_ < 0 ? 0 : current_ > 0 ? 1 : 2;
      system_.current = static_cast<unsigned>(std::abs(current_));
      if (half_second % 64 == 0)
        bytes = chargery_test::impedances(current_ < 0 ? 0 : 1, system_.current, std::vector<unsigned>(cell_count, 3));
      bytes = chargery_test::concat(bytes, system_.bytes());
      if (half_second % 8 == 0) bytes = chargery_test::concat(bytes, chargery_test::separator);
    } else if (half_second % 4 == 1) {
      bytes = cells_.bytes();
    }
    remember();
    return bytes;
  }

  /// Whether the board said each of these values lately.
  [[nodiscard]] bool said(const Reading& reading) const {
    return compare(reading, [](const auto& lately, double value) {
      return std::ranges::find(lately, value) != std::ranges::end(lately);
    });
  }

  /// Whether each value lies between what the board said lately. More cannot be had of a vote: where the pack moves by
  /// a millivolt, a false reading that is in between by a millivolt is the middle one.
  [[nodiscard]] bool lies_within(const Reading& reading) const {
    return compare(reading, [](const auto& lately, double value) {
      const auto [low, high] = std::ranges::minmax(lately);
      return value >= low && value <= high;
    });
  }

 private:
  static constexpr std::size_t cell_count = 16;
  static constexpr std::size_t remembered = 120;  ///< half seconds
  /// Cells, sum, current, state of charge, remaining charge, temperatures, permissions, protections.
  using Values = std::array<double, cell_count + 9>;

  template <class Holds>
  [[nodiscard]] bool compare(const Reading& reading, Holds holds) const {
    if (reading.cells_v.size() != cell_count || reading.temperatures_c.size() != 2) return false;
    Values values{};
    auto to = std::ranges::copy(reading.cells_v, values.begin()).out;
    for (const double value : {reading.voltage_v.value(), reading.current_a.value(), reading.soc_pct.value(),
                               reading.remaining_ah.value_or(-1), reading.temperatures_c[0].value_or(-300),
                               reading.temperatures_c[1].value_or(-300), reading.charge_fet == true ? 1.0 : 0.0,
                               reading.discharge_fet == true ? 1.0 : 0.0, static_cast<double>(reading.raw_protection)})
      *to++ = value;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto lately = said_ | std::views::transform([i](const Values& one) { return one[i]; });
      if (!holds(lately, values[i])) return false;
    }
    return true;
  }

  void move() {
    const auto step = [this](int width) {
      return static_cast<int>(random_() % static_cast<unsigned>(2 * width + 1)) - width;
    };
    current_ = std::clamp(current_ + step(5), -800, 800);
    for (unsigned& slot : cells_.slots) slot = std::clamp(slot + static_cast<unsigned>(step(2)), 3100U, 3500U);
    if (random_() % 60 == 0) system_.soc = std::clamp(system_.soc + static_cast<unsigned>(step(1)), 20U, 95U);
    system_.t1 = std::clamp(system_.t1 + static_cast<unsigned>(step(1)), 100U, 300U);
    cells_.mah = std::clamp(cells_.mah + static_cast<unsigned>(step(30)), 20'000U, 250'000U);
  }

  void remember() {
    Values now{};
    unsigned sum_mv = 0;
    for (std::size_t i = 0; i < cell_count; ++i) {
      now[i] = cells_.slots[i] / 1000.0;
      sum_mv += cells_.slots[i];
    }
    auto* to = now.begin() + cell_count;
    for (const double value : {sum_mv / 1000.0, current_ / 10.0, static_cast<double>(system_.soc), cells_.mah / 1000.0,
                               system_.t1 / 10.0, system_.t2 / 10.0, 1.0, 1.0, 0.0})
      *to++ = value;
    said_.push_back(now);
    if (said_.size() > remembered) said_.pop_front();
  }

  Random random_;
  chargery_test::System system_;
  chargery_test::Cells cells_{.slots = std::vector<unsigned>(cell_count, 3300)};
  int current_ = 100;
  std::deque<Values> said_;
};

/// The line in half seconds, with a driver on it that takes what has queued up, and votes over what it reads.
class Line {
 public:
  Line(std::uint32_t seed, double flip_chance) : talker_(seed), random_(seed + 1), flip_chance_(flip_chance) {}

  unsigned readings = 0, false_readings = 0, verdicts = 0, false_verdicts = 0, failed_polls = 0, damage_told = 0;

  void run(unsigned seconds, unsigned half_seconds_between_polls) {
    for (unsigned at = 0; at < 2 * seconds; ++at) {
      queue_ = chargery_test::concat(std::move(queue_), damaged(talker_.speak(at)));
      if (at % (half_seconds_between_polls + 1) == 0) listen();
    }
  }

 private:
  /// Reads what has come by now, in slices; what comes after an answer is left for the next poll. Then the line is
  /// quiet until the next half second.
  void listen() {
    if (query_ == nullptr) begin();
    bool begun = false;
    while (!queue_.empty()) {
      const auto middle =
          queue_.begin() + static_cast<std::ptrdiff_t>(1 + random_() % std::min<std::size_t>(queue_.size(), 64));
      const ByteVector piece(queue_.begin(), middle);
      queue_.erase(queue_.begin(), middle);
      const Progress progress = query_->receive(piece);
      begun = begun || progress.begun;
      if (progress.answered) return end();
    }
    if (begun) {
      if (query_->timed_out().kind != ErrorKind::silent) ++damage_told;
      attempt_ended();
    } else if (++waited_ >= 10) {
      (void)query_->timed_out();
      attempt_ended();
    }
  }

  void begin() {
    query_ = &protocol_->poll();
    attempts_left_ = query_->request()->attempts;
    waited_ = 0;
  }

  void attempt_ended() {
    waited_ = 0;
    if (--attempts_left_ > 0) return;
    query_->give_up({ErrorKind::silent, "", std::nullopt});
    end();
  }

  void end() {
    const Result<Reading> reading = query_->result();
    query_ = nullptr;
    if (!reading) {
      ++failed_polls;
      return;
    }
    ++readings;
    if (!talker_.said(*reading)) ++false_readings;
    const auto verdict = consensus_.add(*reading);
    if (!verdict || !battery::check_plausible(*verdict, protocol_->bounds())) return;
    ++verdicts;
    if (!talker_.lies_within(*verdict)) ++false_verdicts;
  }

  ByteVector damaged(ByteVector bytes) {
    std::uniform_real_distribution<double> chance(0, 1);
    for (std::uint8_t& byte : bytes)
      if (chance(random_) < flip_chance_) byte ^= static_cast<std::uint8_t>(1U << (random_() % 8));
    return bytes;
  }

  Talker talker_;
  Random random_;
  double flip_chance_;
  std::unique_ptr<Protocol> protocol_ = make();
  ByteVector queue_;
  Query<Reading>* query_ = nullptr;
  int attempts_left_ = 0;
  int waited_ = 0;  ///< half seconds in this attempt
  battery::Consensus consensus_;
};

constexpr unsigned hours = 3600;

TEST(ChargeryNoise, OnACleanLineEveryReadingIsTrueAndComesInTime) {
  for (const unsigned pause : {0U, 1U, 3U}) {
    Line line(1, 0);
    line.run(8 * hours, pause);
    EXPECT_EQ(line.false_readings, 0U);
    EXPECT_EQ(line.damage_told, 0U);
    EXPECT_EQ(line.failed_polls, 0U);
    EXPECT_GE(line.readings, 8 * hours / 2 - 5) << "one for every frame of cells";
  }
}

TEST(ChargeryNoise, NothingFalseGetsThroughTheVote) {
  unsigned false_readings = 0;
  for (const std::uint32_t seed : {10U, 20U, 30U, 40U}) {
    Line line(seed, 0.01);
    line.run(8 * hours, 0);
    false_readings += line.false_readings;
    EXPECT_EQ(line.false_verdicts, 0U);
    EXPECT_GT(line.verdicts, 8 * hours / 20) << "and enough does";
    EXPECT_GT(line.damage_told, line.readings / 4) << "the driver knows that the line is bad";
  }
  EXPECT_GT(false_readings, 0U) << "a checksum of eight bits lets some through: the vote had something to do";
}

}  // namespace
}  // namespace bms::chargery
