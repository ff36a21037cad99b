// Finds the frames in what a board keeps saying.
#include "chargery/chargery_stream.hpp"
#include "bms/words.hpp"

namespace bms::chargery {
namespace {

/// Up to here a candidate may be chance: the header bytes are ordinary data.
constexpr std::size_t looks_like_a_frame = 4;

bool is_damage(const Error& why, std::size_t available) {
  return available >= looks_like_a_frame && why.kind != ErrorKind::unexpected_command;
}

}  // namespace

FrameStream::Step FrameStream::decide_at(std::size_t at, bool ended) {
  const Bytes bytes = Bytes(buffer_).subspan(at);
  if (bytes[0] != header_byte || (bytes.size() > 1 && bytes[1] != header_byte)) {
    ++discarded_;
    return {.advance = 1, .found = {}};
  }
  Candidate candidate = examine(bytes);
  if (candidate.what == Candidate::What::incomplete && !ended) {
    missing_ = candidate.missing;
    return {.advance = 0, .found = {}};
  }
  if (candidate.what == Candidate::What::frame)
    return {.advance = candidate.size,
            .found = Found{.message = candidate.message, .offset = begin_ + at, .size = candidate.size}};
  if (candidate.what == Candidate::What::incomplete)
    candidate.why = {ErrorKind::truncated, "a frame ended " + counted(candidate.missing, "byte") + " too early",
                     std::nullopt};
  if (!damage_ && is_damage(candidate.why, bytes.size())) damage_ = candidate.why;
  ++discarded_;
  return {.advance = 1, .found = {}};
}

}  // namespace bms::chargery
