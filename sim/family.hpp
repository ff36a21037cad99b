// What a family of simulated boards adds to the command line. Each family defines one; families.cpp lists them.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "board.hpp"
#include "pack.hpp"

namespace bms::sim {

/// The place of a board on a line that several boards share.
struct Place {
  unsigned number = 0;     ///< 0 for the first; boards with addresses take consecutive ones
  unsigned boards = 1;     ///< how many there are
  std::uint64_t seed = 1;  ///< distinct for each board
};

/// Makes a board once the command line is read. The pack outlives the board.
using MakeBoard = std::function<std::unique_ptr<Board>(Pack& pack, const Place& place)>;

struct BoardFamily {
  const char* name;         ///< the subcommand: "jbd"
  const char* description;  ///< one line
  unsigned baud;            ///< unless --baud says otherwise
  /// Adds the options that only this family has to its subcommand.
  MakeBoard (*add_options)(CLI::App& app);
  /// The commands that only this family has.
  std::vector<CommandText> (*commands)();
};

[[nodiscard]] std::span<const BoardFamily> board_families();

}  // namespace bms::sim
