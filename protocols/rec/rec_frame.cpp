// REC frames: building requests, and judging whether a frame begins at one place of a stream.
#include "rec/rec_frame.hpp"

#include <algorithm>
#include <boost/crc.hpp>

namespace bms::rec {

std::uint16_t crc(Bytes covered) {
  boost::crc_optimal<16, 0x8005, 0, 0, true, true> sum;
  sum.process_bytes(covered.data(), covered.size());
  return sum.checksum();
}

RequestBytes request_frame(std::uint8_t unit, std::string_view text) {
  RequestBytes bytes{start_byte, unit, host_address, static_cast<std::uint8_t>(text.size())};
  for (const char c : text) bytes.push_back(static_cast<std::uint8_t>(c));
  const std::uint16_t sum = crc(Bytes(bytes).subspan(1));
  bytes.push_back(static_cast<std::uint8_t>(sum >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(sum & 0xFFU));
  bytes.push_back(end_byte);
  return bytes;
}

Candidate examine(Bytes bytes, std::uint8_t destination, std::uint8_t source) {
  using enum Candidate::What;
  const std::uint8_t head[] = {start_byte, destination, source};
  const std::size_t known = std::min(bytes.size(), std::size(head));
  if (bytes.empty() || !std::ranges::equal(bytes.first(known), Bytes(head).first(known))) return {.what = none};
  if (bytes.size() < header_size) return {.what = incomplete, .missing = frame_overhead - bytes.size()};

  const std::size_t n = bytes[3];
  const std::size_t size = n + frame_overhead;
  if (bytes.size() < size) return {.what = incomplete, .missing = size - bytes.size()};
  if (bytes[size - 1] != end_byte) return {.what = end_marker};
  if (u16_be(bytes, n + header_size) != crc(bytes.subspan(1, n + 3))) return {.what = checksum};
  return {.what = frame, .payload = bytes.subspan(header_size, n)};
}

std::size_t count_noise(Bytes stream) {
  std::size_t noise = 0;
  for (std::size_t at = 0; at < stream.size();) {
    const Bytes rest = stream.subspan(at);
    const Candidate found = rest.size() < header_size ? Candidate{} : examine(rest, rest[1], rest[2]);
    const bool sound = found.what == Candidate::What::frame;
    if (!sound) ++noise;
    at += sound ? found.size() : 1;
  }
  return noise;
}

}  // namespace bms::rec
