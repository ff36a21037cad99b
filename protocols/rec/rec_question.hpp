// What was asked of a unit, and what an answer to it looks like.
//
// A single value, a text or the answer to a write is one frame. An array is two or more: a count as one or two digits,
// then the data (traces of aaronsb/REC-BMSManager). The count is the number of bytes for LCD1, LCD3 and ERRO, the
// number of units for CELL, PTEM and RINT, and always 1 for BTEM (frame counter in a recording of
// JohnVidler/REC-BMS-Control; REC ACTIVE BMS 4S manual).
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bms/bytes.hpp"
#include "rec/rec_frame.hpp"
#include "rec/rec_instructions.hpp"

namespace bms::rec {

enum class Shape : std::uint8_t {
  number,
  count,            ///< a number that is whole and not negative
  name,             ///< a text that is more than a number
  text,             ///< printable
  line,             ///< of the error log: anything
  time,             ///< hh:mm:ss
  date,             ///< dd.mm.yyyy
  acknowledgement,  ///< of a write
  block,            ///< array of a fixed size
  per_unit,         ///< array of numbers for each unit
};

/// The most units whose arrays are taken apart on a live line, and the most frames that an answer can have at all.
inline constexpr std::size_t max_units = 16;
inline constexpr std::size_t max_data_frames = 99;

/// How the values of several units are spread over frames. Nobody has captured more than one unit; both ways are taken,
/// and the one that a system has shown first is expected from then on.
struct Layout {
  bool one_frame = false;                                           ///< all units in one frame; else a frame for each
  boost::container::static_vector<std::uint8_t, max_units> values;  ///< of each unit

  [[nodiscard]] std::size_t total() const;
  /// Bytes of the whole answer on the wire.
  [[nodiscard]] std::size_t wire_size() const;

  friend bool operator==(const Layout&, const Layout&) = default;
};

struct Question {
  std::uint8_t unit = 1;
  std::string_view mnemonic{};  ///< static, or whoever asks keeps it
  Shape shape = Shape::text;
  std::size_t block_size = 0;  ///< data bytes of a block
  unsigned block_count = 0;    ///< what its count frame says
  bool count_expected = true;  ///< data without a count frame are not taken for the answer
  bool plain_digits = true;    ///< one or two digits can be a number; else only the count before an array is so short
  std::optional<Layout> layout{};  ///< of a per-unit array, once it is known

  /// The least number of bytes that can be an answer.
  [[nodiscard]] std::size_t shortest_answer() const;
};

/// How an instruction is answered when it is read.
[[nodiscard]] Shape shape_of(const Instruction& instruction);

/// The question that reads an instruction. LCD1, LCD3 and ERRO are also taken without a count frame, which an older
/// manual does not mention, unless `count_expected`.
[[nodiscard]] Question read_question(std::uint8_t unit, const Instruction& instruction, bool count_expected = false);

/// The question that a write is.
[[nodiscard]] Question write_question(std::uint8_t unit, std::string_view mnemonic);

/// "CELL?"
[[nodiscard]] RequestBytes read_request(std::uint8_t unit, std::string_view mnemonic);

/// "BMIN 3.94". Precondition: `number` is as short as number_text() makes it.
[[nodiscard]] RequestBytes write_request(std::uint8_t unit, std::string_view mnemonic, std::string_view number);

}  // namespace bms::rec
