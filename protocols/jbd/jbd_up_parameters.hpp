// The parameters of boards of the UP series: what some of their blocks hold. All of them are only read.
#pragma once

#include <cstddef>
#include <span>

#include "bms/bytes.hpp"
#include "bms/command.hpp"
#include "bms/error.hpp"
#include "bms/parameter.hpp"
#include "jbd/jbd_up_frame.hpp"
#include "scale.hpp"

namespace bms::jbd::up {

/// A parameter, the block that holds it, and where.
struct BlockParameter : Parameter {
  Block block;
  std::size_t offset;  ///< in the payload of the block
  std::size_t size;    ///< in bytes: 2 or 4 of a number, 6 of a date, of a text all that it may take
  Scale scale;
};

/// All of them; those of one block follow each other.
[[nodiscard]] std::span<const BlockParameter> block_parameters();

/// What a block says of a parameter. Errors: unsupported: this board's block ends before it, or it holds no date.
[[nodiscard]] Result<CommandResult> value_in(const BlockParameter& parameter, Bytes payload);

}  // namespace bms::jbd::up
