// Where on this machine a board is read, by its own number: the same one may be reached by a cable and by Bluetooth,
// from two processes that know nothing of each other.
#pragma once

#include <string>
#include <vector>

#include "files/descriptor.hpp"

namespace bms::line {

/// Says that a board is read at a place for as long as this lives, however it ends, and sees where else it is.
class BoardPresence {
 public:
  /// `directory`: in memory, shared by all drivers of the machine; empty: nothing is said, and nobody is seen. `board`:
  /// by its number, as battery_id() makes it. `place`: "ttyUSB0".
  BoardPresence(std::string directory, const std::string& board, const std::string& place);
  ~BoardPresence();
  BoardPresence(const BoardPresence&) = delete;
  BoardPresence& operator=(const BoardPresence&) = delete;

  /// The places of others where a board with this number is read now, in order.
  [[nodiscard]] std::vector<std::string> elsewhere() const;

 private:
  std::string directory_, beginning_;  ///< of the names of the files, which end with the place
  std::string own_;
  files::Descriptor locked_;
};

}  // namespace bms::line
