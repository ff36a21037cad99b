// Believing what a checksum of 8 bits lets through: on a disturbed line one damaged frame in 256 has a right sum. What
// differs from what was known in a way that needs a reason is asked for again, and is believed when it is repeated.
#pragma once

#include <boost/container/static_vector.hpp>
#include <concepts>
#include <optional>

namespace bms::daly {

/// A reading that can be compared with others of the same quantity. `alone`: whether it is believed without anything to
/// compare it with. `follows`: whether nothing speaks against it after the other one. `agrees`: whether two readings
/// that followed each other at once say the same. `middle`: what three that do not agree have in common.
template <class T>
concept Comparable = std::copyable<T> && requires(const T& reading, const T& other) {
  { reading.alone() } -> std::same_as<bool>;
  { reading.follows(other) } -> std::same_as<bool>;
  { reading.agrees(other) } -> std::same_as<bool>;
  { T::middle(reading, other, other) } -> std::same_as<T>;
};

/// The value of one quantity that is read again and again.
template <Comparable T>
class Trust {
 public:
  /// Takes a reading. True: believed() is up to date. False: the question is to be asked once more.
  bool offer(const T& next) {
    const bool expected = believed_ ? next.follows(*believed_) : doubted_.empty() && next.alone();
    if (expected || (!doubted_.empty() && next.agrees(doubted_.back()))) {
      believe(next);
    } else if (doubted_.size() == doubted_.capacity()) {
      believe(T::middle(doubted_[0], doubted_[1], next));
    } else {
      doubted_.push_back(next);
      return false;
    }
    return true;
  }

  /// The question was given up, or a new poll begins: what was not repeated is forgotten.
  void forget_doubts() { doubted_.clear(); }

  /// Forgets the value as well.
  void reset() {
    believed_.reset();
    doubted_.clear();
  }

  [[nodiscard]] const std::optional<T>& believed() const { return believed_; }

 private:
  void believe(const T& value) {
    believed_ = value;
    doubted_.clear();
  }

  std::optional<T> believed_;
  boost::container::static_vector<T, 2> doubted_;
};

/// A value that hardly ever changes: believed when it came twice in a row, changed when another one came three times.
template <std::equality_comparable T>
class Settled {
 public:
  /// Takes a reading; true when the value is settled and this is it.
  bool offer(const T& next) {
    if (value_ == next) {
      candidate_.reset();
      return true;
    }
    repeats_ = candidate_ == next ? repeats_ + 1 : 1;
    candidate_ = next;
    if (repeats_ < (value_ ? to_change : to_begin)) return false;
    value_ = next;
    candidate_.reset();
    return true;
  }

  [[nodiscard]] const std::optional<T>& value() const { return value_; }

 private:
  static constexpr int to_begin = 2;
  static constexpr int to_change = 3;

  std::optional<T> value_;
  std::optional<T> candidate_;
  int repeats_ = 0;
};

/// A question that a board may leave unanswered: each time in vain doubles the number of turns it is left out.
class Occasional {
 public:
  /// Takes a turn. True: ask in it.
  [[nodiscard]] bool take_turn() {
    if (left_out_ == 0) return true;
    --left_out_;
    return false;
  }
  void answered() { failures_ = 0; }
  void unanswered() {
    constexpr int most = 6;
    left_out_ = (1 << failures_) - 1;
    if (failures_ < most) ++failures_;
  }

 private:
  int failures_ = 0;
  int left_out_ = 0;
};

}  // namespace bms::daly
