// How a board that is lost is won back: what is tried next, and when. It never ends.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace bms::bluetooth {

/// Why an attempt to get a connection that works has failed.
enum class Failure : std::uint8_t {
  no_adapter,    ///< neither BlueZ nor the adapter could do anything
  unseen,        ///< BlueZ does not know the board, and a scan has not found it
  out_of_reach,  ///< nothing was heard of it while a connection was waited for
  refused,       ///< the connection failed although something was heard
  unusable,      ///< connected, and its characteristics could not be used
  mute,          ///< connected, and it answers nothing
  no_room,       ///< the adapter has too many connections
  unpaired,      ///< the owner has to do something first
};
inline constexpr std::size_t failure_count = static_cast<std::size_t>(Failure::unpaired) + 1;

/// What is to be done next.
struct NextAttempt {
  std::chrono::seconds pause{};  ///< before it
  bool disconnect = false;       ///< whatever there is of a connection
  bool start_over = false;       ///< disconnect it, let BlueZ forget it, and find it by a scan
  bool look = false;             ///< scan for it shortly before it is connected again: does it advertise at all?
  bool blame_adapter = false;    ///< say that the adapter does not work

  friend bool operator==(const NextAttempt&, const NextAttempt&) = default;
};

class Recovery {
 public:
  /// An attempt has failed.
  [[nodiscard]] NextAttempt failed(Failure why);

  /// The board has answered: whatever happens next is a new story.
  void succeeded() { counts_ = {}; }

 private:
  std::array<int, failure_count> counts_{};
};

}  // namespace bms::bluetooth
