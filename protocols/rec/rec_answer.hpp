// Finds the answer to one question in the bytes of a line: the frames of the unit that was asked, and of those the ones
// that fit the question. What that is, whether a line is live or recorded, depends on the bytes alone and not on how
// they were cut.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bms/bytes.hpp"
#include "bms/error.hpp"
#include "rec/rec_question.hpp"

namespace bms::rec {

/// The answer to one question. Payloads are inside the stream.
struct Answer {
  boost::container::static_vector<Bytes, max_data_frames> data;  ///< one frame, or one for each unit
  bool counted = false;                                          ///< an array that came with its count frame
  unsigned units = 1;                                            ///< of a per-unit array

  [[nodiscard]] Bytes payload() const { return data.front(); }

  /// How the values of a per-unit array are spread over its frames. Empty for more units than can be taken apart.
  [[nodiscard]] std::optional<Layout> layout() const;
};

/// Whether more bytes may follow the ones that are searched.
enum class End : std::uint8_t { open, final };

struct Findings {
  std::optional<Answer> answer;
  /// It counts as the answer only because nothing followed: all units in one frame, which could as well be the first
  /// of several.
  bool settled_by_silence = false;
  ErrorKind reason = ErrorKind::garbage;  ///< without an answer, when nothing more comes
  unsigned strangers = 0;                 ///< sound frames of this unit that answer something else
  bool begun = false;                     ///< part of an answer is here, sound or damaged
  std::size_t missing = 1;                ///< open and without an answer: the least number of bytes to come
};

/// Searches for the answer to `question`.
///
/// Why there is no answer: the first of these reasons that holds: the unit refused (status); something began as its
/// frame and was not one (truncated, end_marker, checksum, whichever came first); a sound frame was empty or did not
/// have the size that its count demands (length); data are missing after a count (truncated); other sound frames came
/// (unexpected_command); nothing came at all (truncated); nothing of this unit came (garbage).
[[nodiscard]] Findings search(Bytes stream, const Question& question, End end);

}  // namespace bms::rec
