// Where requests for one board are answered: what is asked for is checked as a whole, carried out command by command,
// and reported, whatever becomes of it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bms/command.hpp"
#include "bms/parameter.hpp"
#include "bms/time.hpp"
#include "console/answer.hpp"
#include "console/request.hpp"

namespace bms::console {

/// Carries commands out on the board, one after the other, between polls where there are any.
class Commands {
 public:
  Commands() = default;
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;
  virtual ~Commands() = default;

  /// Whether this board takes the command at all: what can be said of it without asking the board. Errors: rejected.
  [[nodiscard]] virtual Result<void> check(const Command& command) = 0;

  /// Waits for the outcome. `what`: the command in words; `who`: who wants it; `begun`: it belongs to what has begun
  /// already, and must not be turned away because others are waiting. Errors: as of CommandResult, and those of a
  /// queue.
  virtual boost::asio::awaitable<Result<CommandResult>> carry_out(Command command, std::string what, std::string who,
                                                                  bool begun) = 0;

  /// No command of the batch follows; see Protocol::leave_mode().
  virtual void end_batch() = 0;

  /// Whether the board may hold values that were set and never saved, so that it loses them with its power.
  [[nodiscard]] virtual bool may_hold_unsaved() const { return false; }

  /// Notes that for whoever comes after this process, or takes the note away. False: it could not be noted.
  virtual bool note_unsaved(bool /*noted*/) { return true; }

  /// Waits until the board is out of the mode that the last batch has needed, a few seconds at most.
  virtual boost::asio::awaitable<void> settle();

  /// For the log: what has been ordered, by whom, and what became of it. `changed`: a parameter of the board is another
  /// one now.
  virtual void report(const std::string& line, bool changed) = 0;
};

/// What a desk is given.
struct DeskOptions {
  BoardFacts board;
  ParameterList parameters;
  std::span<const Relation> relations{};
  std::function<std::vector<ShownItem>()>
      items{};  ///< the battery as it is shown; empty: it is not, there is no driver
  std::function<void(double minutes, const std::string& who)>
      release{};                 ///< leaves the board to others; empty: it cannot be
  std::string undo_directory{};  ///< empty: nothing can be kept, and nothing is set
};

class Desk {
 public:
  Desk(DeskOptions options, std::shared_ptr<Commands> commands)
      : options_(std::move(options)), commands_(std::move(commands)) {}

  /// Answers one request. `who` is asking, for the log. While one is carried out others are told that it is busy.
  /// `progress` may be empty. The desk must outlive what it is waited for.
  boost::asio::awaitable<Answer> answer(Request request, std::string who,
                                        std::function<void(const Progress&)> progress);

  [[nodiscard]] const BoardFacts& board() const { return options_.board; }

 private:
  struct Job;
  struct Reads;

  boost::asio::awaitable<void> carry_out(Job& job, const Get& wish);
  boost::asio::awaitable<void> carry_out(Job& job, const Set& wish);
  boost::asio::awaitable<void> carry_out(Job& job, const SwitchOver& wish);
  boost::asio::awaitable<void> carry_out(Job& job, const CountFrom& wish);

  void check_for_this_board(Job& job, const Set& wish) const;
  boost::asio::awaitable<bool> read_before(Job& job, const Set& wish);
  boost::asio::awaitable<Outcome> read_next(Job& job, Reads& reads, const std::string& name, bool last);
  boost::asio::awaitable<Result<CommandResult>> read_one(Job& job, const std::string& name, bool more);
  boost::asio::awaitable<bool> still_there(Job& job, const std::string& answered);
  boost::asio::awaitable<void> write_all(Job& job, const Set& wish);
  boost::asio::awaitable<void> look_again(Job& job, const Set& wish);
  boost::asio::awaitable<void> order(Job& job, Command command, std::string what, Outcome outcome);
  void show(Answer& answer);
  void give_free(Job& job, const Release& wish) const;
  [[nodiscard]] bool permitted(Job& job, Writes needed) const;
  [[nodiscard]] bool possible(Job& job, const Command& command) const;
  [[nodiscard]] bool unmoved(const Setting& setting, const Outcome& outcome) const;
  [[nodiscard]] bool changes(const Job& job, const Setting& setting, const Outcome& outcome) const;
  void begin_writing(Job& job) const;
  [[nodiscard]] bool keep_undo(Job& job) const;

  DeskOptions options_;
  std::shared_ptr<Commands> commands_;
  TimePoint show_from_{};                                          ///< not before is the battery shown again
  std::shared_ptr<bool> at_work_ = std::make_shared<bool>(false);  ///< a job may end after the desk, with its loop
};

}  // namespace bms::console
