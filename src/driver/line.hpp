// One line with the batteries behind it: finding them, letting them take turns, and what to do when the line is gone.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bms/timer.hpp"
#include "console/socket.hpp"
#include "driver/member.hpp"
#include "line/port_search.hpp"

namespace bms::driver {

/// What the faces of one battery are told of its place.
struct FacePlace {
  std::string name;                           ///< what it is called there
  std::shared_ptr<const Desks> desks{};       ///< where it can be asked by hand; empty: nowhere
  std::function<double()> poll_interval_s{};  ///< how often its line is polled; valid as long as the face
};

/// Makes the faces of one battery, when its board has been found.
using FaceMaker = std::function<std::vector<std::unique_ptr<Face>>(const FacePlace& place)>;

/// What a line is given.
struct LineOptions {
  FaceMaker make_faces{};
  std::function<void(const link::ReachedBoard& board)> on_found{};  ///< a board has been found; may be empty
};

class Line {
 public:
  /// `around` is what its batteries share; what it refers to outlives the line. `search` knows what is looked for.
  Line(const Surroundings& around, line::PortSearch search, LineOptions options);
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// Finds the boards and polls them, until nobody is found that could be waited for, the device is gone for good, or
  /// another board is where one of them was; the log says which. Returns whether it was the last of these.
  boost::asio::awaitable<bool> live();

  /// Answers what its batteries have been ordered, and saves what is to be remembered of them; to be called before it
  /// goes.
  void end();

 private:
  boost::asio::awaitable<bool> find_boards();
  boost::asio::awaitable<Result<void>> look_once();
  boost::asio::awaitable<Result<void>> meet_boards();
  boost::asio::awaitable<Result<void>> hear_someone();
  boost::asio::awaitable<bool> reopen(Error why);
  boost::asio::awaitable<bool> boards_are_the_same();
  boost::asio::awaitable<void> rest(Clock::duration time);

  void open_socket();
  void enlist(line::Candidate candidate, std::unique_ptr<Protocol> protocol);
  [[nodiscard]] double poll_interval_s() const;
  void report_unused_sections() const;
  [[nodiscard]] std::string with_port(const Error& why) const;
  [[nodiscard]] std::string advice_on(const Error& why) const;

  Surroundings around_;
  line::PortSearch search_;
  LineOptions options_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<Polled*> turns_;
  Timer sections_timer_;
  std::optional<console::Socket> socket_;  ///< by which its batteries can be asked by hand
};

}  // namespace bms::driver
