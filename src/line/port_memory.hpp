// What was found on a port the last time, so that it can be tried first. A hint and nothing more: it is never believed
// without a new answer.
#pragma once

#include <optional>
#include <string>

#include "link/reached_board.hpp"

namespace bms::line {

/// One small file for each port, in a directory on the data partition.
class PortMemory {
 public:
  /// `directory` is made when something is stored; empty: nothing is remembered.
  explicit PortMemory(std::string directory) : directory_(std::move(directory)) {}

  /// What was stored for this location of a port. Empty when there is nothing, or nothing that can be read.
  [[nodiscard]] std::optional<link::ReachedBoard> recall(const std::string& location) const;

  /// Replaces it in one step, so that no moment of power loss leaves half a file; does nothing when it is the same
  /// already. False: it cannot be stored, which costs time at the next start and nothing else.
  bool store(const std::string& location, const link::ReachedBoard& what) const;

 private:
  [[nodiscard]] std::string file_of(const std::string& location) const;

  std::string directory_;
};

}  // namespace bms::line
