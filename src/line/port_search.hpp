// The search on one port: what the user said of it, what was found there the last time, and what is found now.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "line/detection.hpp"
#include "line/port_memory.hpp"
#include "link/port.hpp"

namespace bms::line {

class PortSearch {
 public:
  /// `family` and `addresses` override what is configured for the port; empty: they do not matter. Throws
  /// std::invalid_argument, with what to do, when there is no such family or none with such addresses.
  PortSearch(const link::Port& port, const std::string& family, const std::vector<unsigned>& addresses,
             const std::string& state_directory, const config::Config& config);

  /// All that is possible; never empty.
  [[nodiscard]] const std::vector<Candidate>& candidates() const { return candidates_; }

  /// Whether a board is waited for that does not answer. So it is when somebody has said which family it is; and while
  /// serial-starter has other programs for the port as well, only when that was said of this very port: what [default]
  /// says is said of every port, and others than ours belong to the other programs.
  [[nodiscard]] bool waits(link::Claim claim) const;

  /// What may help somebody for whose port look() has found nobody.
  [[nodiscard]] std::string advice() const;

  /// Whether several boards share the line.
  [[nodiscard]] bool several() const { return search_.addresses.size() > 1; }

  /// In words, for the log: "a JBD BMS".
  [[nodiscard]] std::string wanted() const;

  /// Looks for a board: the one that was there the last time first, then all. When only one thing is possible it is
  /// not asked for: its first poll will show. Remembers what it finds.
  /// Errors: as of Detection::run().
  boost::asio::awaitable<Result<Detected>> look(link::Link& line, const SearchFollower& follower);

  /// The other boards that are said to be on the line of `found`.
  [[nodiscard]] std::vector<Candidate> companions(const Candidate& found) const;

 private:
  [[nodiscard]] Detected certain(const Candidate& candidate) const;
  [[nodiscard]] Clock::duration limit() const;

  std::string location_;
  Search search_;
  bool said_of_this_port_;  ///< which family it is
  std::vector<Candidate> candidates_;
  PortMemory memory_;
};

}  // namespace bms::line
