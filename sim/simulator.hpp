// The one place where a simulated board, its pack, the faults and the line meet, and where commands come in.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "board.hpp"
#include "faults.hpp"
#include "line.hpp"
#include "pack.hpp"
#include "pty.hpp"
#include "script.hpp"

namespace bms::sim {

/// One board on the line, and the pack it works on.
struct Unit {
  std::unique_ptr<Pack> pack;
  std::unique_ptr<Board> board;
  bool silent = false;                                    ///< hears and says nothing
  std::unique_ptr<boost::asio::steady_timer> speaking{};  ///< of a board that talks by itself

  /// What every board and its pack can be told.
  [[nodiscard]] static Commands<Unit> commands();
  [[nodiscard]] std::optional<Action> understand_set(std::span<const std::string> words);
  [[nodiscard]] std::optional<Action> understand_run(std::span<const std::string> words);
  [[nodiscard]] std::optional<Action> understand_silence(std::span<const std::string> words);
  [[nodiscard]] std::optional<Action> understand_state(std::span<const std::string> words);
};

struct SimulatorOptions {
  LineOptions line;
  std::chrono::milliseconds latency{20};  ///< between the end of a question and the start of its answer
  std::string link;
  std::uint64_t seed = 1;
  bool timestamps = false;                  ///< print when the last byte of each answer was written
  bool speed_matters = false;               ///< a reader that has set another speed gets garbage
  bool repeat = false;                      ///< start the script again after its last step
  std::vector<CommandText> board_commands;  ///< what this family understands besides what all do
};

class Simulator {
 public:
  Simulator(boost::asio::io_context& loop, std::vector<Unit> units, const SimulatorOptions& options);

  /// The commands that do not depend on the family.
  [[nodiscard]] static std::vector<CommandText> common_commands();

  /// Opens the terminal; the path that a driver opens. Throws std::system_error.
  const std::string& plug();

  /// Understands every line of a script and starts it, or says which line is wrong.
  [[nodiscard]] Outcome<void> play(const std::vector<Step>& steps);

  /// Takes commands from standard input, each answered by "ok" or "error: <what was expected>". Its end is the end.
  void listen_on_stdin();

 private:
  struct TimedAction {
    std::chrono::duration<double> at;
    Action action;
  };

  [[nodiscard]] static Commands<Simulator> line_commands();
  [[nodiscard]] Outcome<Action> compile(std::span<const std::string> words);
  [[nodiscard]] Outcome<Action> compile_for_line(std::span<const std::string> words);
  [[nodiscard]] Outcome<Action> compile_for(Unit& unit, std::span<const std::string> words) const;
  [[nodiscard]] std::optional<Action> understand_unplug(std::span<const std::string> words);
  [[nodiscard]] std::optional<Action> understand_plug(std::span<const std::string> words);
  [[nodiscard]] std::optional<Action> understand_quit(std::span<const std::string> words);

  void received(std::span<const std::uint8_t> bytes);
  void send(const Answer& answer, Line::Clock::time_point earliest);
  void speak_later(Unit& unit);
  [[nodiscard]] bool speeds_differ() const;
  void unplug();
  void next_step(std::size_t index);
  void next_command();
  void let_time_pass();

  boost::asio::io_context& loop_;
  std::vector<Unit> units_;
  SimulatorOptions options_;
  Faults faults_;
  Pty pty_;
  Line line_;
  std::vector<TimedAction> script_;
  Line::Clock::time_point script_began_{};
  boost::asio::steady_timer script_timer_;
  boost::asio::posix::stream_descriptor stdin_;
  boost::asio::streambuf typed_;
  Line::Clock::time_point last_byte_at_{};
  Line::Clock::time_point pack_time_;
};

}  // namespace bms::sim
