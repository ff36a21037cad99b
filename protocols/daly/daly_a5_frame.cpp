// Frames of the classic Daly protocol: 13 bytes in both directions, at 9600 baud.
#include "daly/daly_a5_frame.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "bms/hex.hpp"

namespace bms::daly {
namespace {

constexpr std::uint8_t read_fill = 0xAA;
constexpr std::uint8_t gprs_host = 0x20;

/// Whether somebody else on the line may have this address: a board, or a host whose question comes back.
bool known_address(std::uint8_t address) {
  return (address >= 1 && address <= most_boards) || address == gprs_host || address == bluetooth_host ||
         (address >= serial_host && address < serial_host + most_boards);
}

FrameBytes build(std::uint8_t host, std::uint8_t command, const Data& data) {
  FrameBytes bytes{start_byte, host, command, length_byte};
  std::ranges::copy(data, bytes.begin() + data_offset);
  bytes.back() = checksum(Bytes(bytes).first(frame_size - 1));
  return bytes;
}

Finding<Reply> reject(ErrorKind reason) {
  return {.what = Finding<Reply>::What::rejected, .reason = reason, .reply = {}};
}

}  // namespace

std::uint8_t checksum(Bytes covered) {
  return static_cast<std::uint8_t>(std::accumulate(covered.begin(), covered.end(), 0U));
}

FrameBytes read_request(std::uint8_t host, std::uint8_t command) {
  Data data;
  data.fill(read_fill);
  return build(host, command, data);
}

FrameBytes write_request(std::uint8_t host, std::uint8_t command, const Data& data) {
  return build(host, command, data);
}

Candidate judge(Bytes bytes, std::uint8_t board) {
  if (bytes.size() < 2) return Candidate::incomplete;
  const bool ours = bytes[1] == board;
  if (!ours && !known_address(bytes[1])) return Candidate::noise;
  if (bytes.size() < data_offset) return Candidate::incomplete;
  if (bytes[3] != length_byte) return ours ? Candidate::wrong_length : Candidate::noise;
  if (bytes.size() < frame_size) return Candidate::incomplete;
  if (bytes[frame_size - 1] != checksum(bytes.first(frame_size - 1)))
    return ours ? Candidate::wrong_checksum : Candidate::noise;
  return ours ? Candidate::ours : Candidate::foreign;
}

Data data_of(Bytes bytes) {
  Data data;
  std::copy_n(bytes.begin() + data_offset, data.size(), data.begin());
  return data;
}

void Collection::add(const Data& data) {
  const std::size_t number = data[0];
  if (number < 1 || number > most_frames) return;
  if (number == 1 || (has(number) && frame(number) != data)) present_ = 0;
  frames_[number - 1] = data;
  present_ |= 1U << (number - 1);
}

bool Collection::complete(std::size_t count) const {
  if (count > most_frames) return false;
  const std::uint32_t wanted = (std::uint32_t{1} << count) - 1;
  return (present_ & wanted) == wanted;
}

std::size_t Collection::last() const { return static_cast<std::size_t>(std::bit_width(present_)); }

Finding<Reply> Expectation::examine(Bytes bytes) {
  using enum Finding<Reply>::What;
  switch (judge(bytes, board)) {
    case Candidate::incomplete: return {.what = incomplete, .missing = frame_size - bytes.size(), .reply = {}};
    case Candidate::noise: return reject(ErrorKind::garbage);
    case Candidate::wrong_length: return reject(ErrorKind::length);
    case Candidate::wrong_checksum: return reject(ErrorKind::checksum);
    // Nobody who asks has a number below 17, so a frame from there is a question that came back.
    case Candidate::foreign:
      return {.what = bytes[1] > most_boards ? echo : stranger, .advance = frame_size, .reply = {}};
    case Candidate::ours: break;
  }
  if (bytes[2] != command) return {.what = stranger, .advance = frame_size, .reply = {}};
  const Data data = data_of(bytes);
  if (!has_several_frames(command)) return {.what = answer, .advance = frame_size, .reply = {data, {}}};
  collection.add(data);
  const bool complete = collection.complete(frames);
  return {.what = complete ? answer : part, .advance = frame_size, .reply = {data, collection}};
}

std::string hex(std::uint8_t byte) { return "0x" + to_hex(Bytes(&byte, 1)); }

std::string Expectation::question() const { return "command " + hex(command); }

}  // namespace bms::daly
