// Finds out which BMS is on a line, without disturbing whatever else it may be.
//
// First it only listens: some BMSs talk by themselves, and a line on which another device talks is left alone. Then it
// asks, family by family, each with the one frame that changes nothing anywhere. A sound answer is a hint; the claim
// needs a complete and plausible reading after it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bms/variant.hpp"
#include "family.hpp"
#include "line/session.hpp"
#include "link/link.hpp"
#include "link/reached_board.hpp"

namespace bms::line {

/// One possibility: a family, spoken to in one way.
struct Candidate {
  const Family* family;
  BoardOptions options;
};

/// What is to be tried on a port.
struct Search {
  std::string family;               ///< empty: all
  std::vector<unsigned> addresses;  ///< empty: those that boards of the family usually have
  unsigned baud = 0;                ///< 0: those of the family
  std::size_t cells = 0;            ///< as in BoardOptions
  std::size_t temperature_sensors = 0;
  bool on_air = false;  ///< a board without a cable: only families and dialects that are met there
};

/// The possibilities that a search leaves, in the order in which they are to be tried.
[[nodiscard]] std::vector<Candidate> candidates_of(const Search& search);

/// A candidate in words: "Daly at 9600 baud, dialect a5, address 1".
[[nodiscard]] std::string in_words(const Candidate& candidate);

/// How a candidate is written down.
[[nodiscard]] link::ReachedBoard written(const Candidate& candidate);

/// The one of them that was remembered, if any.
[[nodiscard]] std::optional<Candidate> remembered(std::span<const Candidate> candidates,
                                                  const link::ReachedBoard& memory);

/// What was found.
struct Detected {
  Candidate candidate;
  std::unique_ptr<Protocol> protocol;  ///< has already spoken with the board
  Reading reading;                     ///< the one that confirmed it; empty for a board that was expected
  std::string why;                     ///< in words: what answered
};

/// Who follows a search. Both may be empty.
struct SearchFollower {
  std::function<void()> alive;                         ///< it has waited for something; for a watchdog
  std::function<void(const std::string& what)> doing;  ///< what it does from now on: "asking for JBD at 9600 baud"
};

/// A search on one line. The line is open when one is found.
class Detection {
 public:
  Detection(link::Link& line, SearchFollower follower);
  ~Detection();
  Detection(const Detection&) = delete;
  Detection& operator=(const Detection&) = delete;

  /// Looks whether the board that is expected answers; this is quick. One answer is enough, and `reading` stays empty.
  /// Errors as of run().
  boost::asio::awaitable<Result<Detected>> try_one(Candidate candidate);

  /// Tries all candidates, at most for about `limit`. `listen_first`: nobody said that there is a BMS, so a device that
  /// talks here is left alone before a byte is sent. Errors: ErrorKind::silent nobody answers; checksum, truncated or
  /// end_marker somebody does, but not one whole answer came; foreign another device talks here, the message names it;
  /// unsupported a BMS that cannot be served; link the port cannot be used.
  boost::asio::awaitable<Result<Detected>> run(std::span<const Candidate> candidates, Clock::duration limit,
                                               bool listen_first);

 private:
  class Tap;

  using Found = Result<std::optional<Detected>>;
  boost::asio::awaitable<Found> listen(std::span<const Candidate> candidates);
  boost::asio::awaitable<Found> name_talker(std::span<const Candidate> candidates);
  boost::asio::awaitable<Found> ask_all(std::span<const Candidate> candidates, std::chrono::milliseconds patience);
  enum class Proof : std::uint8_t { answer, reading };
  boost::asio::awaitable<Found> ask(const Candidate& candidate, int attempts, std::chrono::milliseconds patience,
                                    Proof proof = Proof::reading);
  boost::asio::awaitable<Found> confirm(const Candidate& candidate, std::unique_ptr<Protocol> protocol,
                                        std::string why);
  boost::asio::awaitable<Result<void>> listen_for(Clock::duration time);
  boost::asio::awaitable<Result<void>> look_at_strangers(const Candidate& candidate);

  void tell(const Candidate& candidate) const;

  SearchFollower follower_;
  std::unique_ptr<Tap> tap_;
  Session session_;
  TimePoint deadline_{};
  bool listened_ = false;
  std::optional<Error> unusable_speed_;
  std::optional<Error> damaged_;  ///< an answer that was damaged on the way, of whom
};

}  // namespace bms::line
