#include "link/traffic_memory.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace bms::link {

namespace {

constexpr std::size_t time_size = sizeof(std::int64_t);
constexpr std::size_t header_size = time_size + 2;
constexpr unsigned sent_bit = 0x8000;  // beside the size
constexpr std::size_t largest_piece = sent_bit - 1;

std::int64_t ns_of(TimePoint time) { return std::chrono::nanoseconds(time.time_since_epoch()).count(); }

}  // namespace

void TrafficMemory::keep(const Traffic& piece) {
  const std::size_t needed = header_size + piece.bytes.size();
  if (needed > ring_.size() || piece.bytes.size() > largest_piece) return;
  const std::int64_t first = ns_of(piece.at - span_);
  while (used_ > 0 && (ring_.size() - used_ < needed || header_at(oldest_).at_ns < first)) forget_oldest();
  std::array<std::uint8_t, header_size> header{};
  const std::int64_t at = ns_of(piece.at);
  std::memcpy(header.data(), &at, time_size);
  const unsigned size = static_cast<unsigned>(piece.bytes.size()) | (piece.sent ? sent_bit : 0U);
  header[time_size] = static_cast<std::uint8_t>(size >> 8U);
  header[time_size + 1] = static_cast<std::uint8_t>(size & 0xFFU);
  put(header);
  put(piece.bytes);
}

std::vector<KeptTraffic> TrafficMemory::recall(TimePoint now) const {
  std::vector<KeptTraffic> all;
  const std::int64_t first = ns_of(now - span_);
  for (std::size_t done = 0; done < used_;) {
    const std::size_t offset = (oldest_ + done) % ring_.size();
    const Header header = header_at(offset);
    done += header_size + header.size;
    if (header.at_ns < first) continue;
    KeptTraffic piece{.at = TimePoint(std::chrono::nanoseconds(header.at_ns)), .sent = header.sent};
    piece.bytes.resize(header.size);
    take(offset + header_size, piece.bytes);
    all.push_back(std::move(piece));
  }
  return all;
}

TrafficMemory::Header TrafficMemory::header_at(std::size_t offset) const {
  std::array<std::uint8_t, header_size> bytes{};
  take(offset, bytes);
  Header header;
  std::memcpy(&header.at_ns, bytes.data(), time_size);
  const unsigned size = u16_be(bytes, time_size);
  header.size = static_cast<std::uint16_t>(size & ~sent_bit);
  header.sent = (size & sent_bit) != 0;
  return header;
}

void TrafficMemory::put(Bytes bytes) {
  const std::size_t at = (oldest_ + used_) % ring_.size();
  const Bytes before_end = bytes.first(std::min(bytes.size(), ring_.size() - at));
  std::ranges::copy(before_end, ring_.begin() + static_cast<std::ptrdiff_t>(at));
  std::ranges::copy(bytes.subspan(before_end.size()), ring_.begin());
  used_ += bytes.size();
}

void TrafficMemory::take(std::size_t offset, std::span<std::uint8_t> to) const {
  const Bytes ring(ring_);
  const Bytes before_end = ring.subspan(offset % ring.size());
  const std::size_t first = std::min(to.size(), before_end.size());
  std::ranges::copy(before_end.first(first), to.begin());
  std::ranges::copy(ring.first(to.size() - first), to.subspan(first).begin());
}

void TrafficMemory::forget_oldest() {
  const std::size_t size = header_size + header_at(oldest_).size;
  oldest_ = (oldest_ + size) % ring_.size();
  used_ -= size;
}

}  // namespace bms::link
