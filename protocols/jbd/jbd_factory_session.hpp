// What is known of a board's factory mode, from the first byte that enters it until leaving has been acknowledged.
//
// Whether staying in it harms a board, and whether a board leaves it by itself, no source says. So it is held only
// while the commands of a batch follow each other, and a board that was not heard to leave is told so again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace bms::jbd {

/// A word that was written and read back, but would not survive the loss of power yet.
struct Unsaved {
  std::uint8_t address;
  std::optional<std::uint16_t> word;  ///< empty: overwritten since, and not read back
};

class FactorySession {
 public:
  /// Whether the board may be in factory mode.
  [[nodiscard]] bool open() const { return open_; }

  /// Whether it is known to be, and is kept there for the next command of a batch.
  [[nodiscard]] bool held() const { return held_; }

  /// Whether the next poll has to leave before it asks for anything.
  [[nodiscard]] bool exit_due() const { return exits_due_ > 0; }

  /// What has been verified and waits to be saved, in the order of writing; one entry for each register.
  [[nodiscard]] std::span<const Unsaved> unsaved() const { return unsaved_; }

  /// What register 01 is to be told. Saving also sets the counters of register AA to zero, so it is done only where
  /// something has been written.
  [[nodiscard]] std::uint16_t leaving_word() const { return unsaved_.empty() ? discarding : saving; }

  /// A command is about to enter. Should it be broken off, the next poll leaves.
  void enter() { leave_soon(); }

  /// A command of a batch has succeeded, and others follow.
  void hold();

  /// No batch goes on; see Protocol::leave_mode(). Of a board that this run has seen leave nothing more is asked.
  void end_batch() {
    if (!seen_to_leave_) leave_soon();
  }

  /// Leaving is tried now, or by the next poll at the latest.
  void leave_soon();

  /// A poll begins. A session that nobody has used for ten of them is forgotten and has to be left.
  void poll_begins();

  /// Leaving has been acknowledged, or refused, as boards do that are not in the mode.
  void left() {
    *this = FactorySession();
    seen_to_leave_ = true;
  }

  /// A poll told the board to leave, and was not answered.
  void exit_unanswered() { unanswered_ = exit_due(); }

  /// The board has answered something else. An exit that was not answered counts only then: on a dead line it will have
  /// to be tried for as long as it takes, by a board that ignores it alone it need not.
  void heard();

  /// A register is about to be written, so that it may hold another word than the verified one.
  void doubt(std::uint8_t address);

  /// A register holds what was written to it.
  void verified(std::uint8_t address, std::uint16_t word);

  /// What waited to be saved is gone.
  void forget_unsaved() { unsaved_.clear(); }

 private:
  static constexpr std::uint16_t discarding = 0x0000;
  static constexpr std::uint16_t saving = 0x2828;

  bool open_ = false;
  bool seen_to_leave_ = false;
  bool held_ = false;
  int exits_due_ = 0;
  bool unanswered_ = false;
  int idle_polls_ = 0;
  std::vector<Unsaved> unsaved_;
};

}  // namespace bms::jbd
