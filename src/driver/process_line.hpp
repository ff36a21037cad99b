// A line of a process with all that belongs to it: its link, its tap, its pulse, and who records it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bms/link_quality.hpp"
#include "driver/daemon.hpp"
#include "driver/line.hpp"
#include "driver/outlets.hpp"
#include "driver/watchdog.hpp"
#include "link/capture.hpp"
#include "link/port.hpp"
#include "link/tap.hpp"

namespace bms::driver {

/// What the lines of a process share; all of it outlives them.
struct Process {
  boost::asio::io_context& loop;
  const RunOptions& options;
  const config::Config& config;
  const MemoryPlaces& places;
  Watchdog& watchdog;
  Outlets& outlets;
  bool one_line;                  ///< there is no other line
  std::function<void()> give_up;  ///< ends the process: a battery cannot be served any more
};

/// A way to the boards of one line.
struct Way {
  std::unique_ptr<link::Link> link;
  std::function<LinkQuality()> quality{};               ///< empty: it has a cable
  std::function<void(Clock::duration time)> release{};  ///< leaves it to others for so long; likewise
};

/// Makes the way of a line. `alive` has to be called every few seconds while the link waits for something that may
/// take long; `baud` is the speed to begin with.
using MakeWay = std::function<Way(std::function<void()> alive, unsigned baud)>;

class ProcessLine {
 public:
  /// Throws std::invalid_argument for what is configured and impossible.
  ProcessLine(const Process& process, link::Port port, const MakeWay& make_way);

  /// Finds its boards and polls them, as Line does. A line that is not the only one of its process goes on with
  /// another board.
  boost::asio::awaitable<void> live();

  /// Its batteries leave the bus: while other lines go on, nobody would ever take back what is said there.
  void end();

 private:
  void begin(line::PortSearch search);
  void record(const std::string& file);
  [[nodiscard]] line::PortSearch search() const;

  const Process& process_;
  link::Port port_;
  Pulse pulse_;
  Way way_;
  std::shared_ptr<link::Tap> tap_;
  std::optional<link::TappedLink> line_to_board_;
  std::unique_ptr<link::Recorder> recorder_;
  Listening recording_;
  std::optional<Line> line_;
};

}  // namespace bms::driver
