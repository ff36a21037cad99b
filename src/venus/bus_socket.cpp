// The kernel can be asked to peek behind what was read last, and says how far behind that is now (SO_PEEK_OFF). So the
// offset that is left after libsystemd has read tells how much it took, whatever comes in meanwhile.
#include "venus/bus_socket.hpp"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>

namespace bms::venus {
namespace {

constexpr int send_buffer_bytes = 64 * 1024;
constexpr int far_ahead = 1 << 30;  // more than libsystemd takes at a time
constexpr std::size_t thrown_at_once = 256 * 1024;

/// The fixed beginning of every message on D-Bus.
struct Header {
  char byte_order;  ///< 'l' or 'B'
  std::uint8_t type, flags, version;
  std::uint32_t body_bytes, serial, fields_bytes;
};
static_assert(sizeof(Header) == 16);

std::size_t size_of(const Header& header) {
  const bool is_native = (header.byte_order == 'l') == (std::endian::native == std::endian::little);
  const auto native = [is_native](std::uint32_t number) { return is_native ? number : __builtin_bswap32(number); };
  const std::uint64_t fields = (std::uint64_t{native(header.fields_bytes)} + 7) / 8 * 8;
  const std::uint64_t size = sizeof(Header) + fields + native(header.body_bytes);
  return static_cast<std::size_t>(size);  // D-Bus allows 128 MB
}

bool set_offset(int fd, int offset) { return setsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &offset, sizeof offset) == 0; }

}  // namespace

BusSocket::BusSocket(int fd) : fd_{fd} {
  setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
  if (!set_offset(fd_, 0)) place_ = Place::unknown;
}

bool BusSocket::all_taken() const {
  int waiting = 0;
  return ioctl(fd_, SIOCOUTQ, &waiting) != 0 || waiting == 0;
}

bool BusSocket::let_in() {
  if (place_ == Place::unknown) return true;
  if (place_ == Place::oversized && !throw_away()) return false;
  if (place_ == Place::boundary && !look()) return false;
  expect_reading();
  return true;
}

/// Decides about the message that begins here. False: it must not be read now.
bool BusSocket::look() {
  Header header{};
  set_offset(fd_, 0);
  const ssize_t seen = recv(fd_, &header, sizeof header, MSG_PEEK | MSG_DONTWAIT);
  if (seen <= 0) return true;  // nothing, or the end: libsystemd will see
  if (static_cast<std::size_t>(seen) < sizeof header) {
    // The rest is on its way, unless the kernel keeps the pieces apart, as it does between bytes that bring
    // descriptors.
    int there = 0;
    if (ioctl(fd_, SIOCINQ, &there) == 0 && there < static_cast<int>(sizeof header)) return false;
    place_ = Place::inside;
    return true;
  }
  const std::size_t size = size_of(header);
  if (size <= largest_message) {
    place_ = Place::inside;
    return true;
  }
  ++refused_;
  left_ = size;
  place_ = Place::oversized;
  return throw_away();
}

/// Whether it is gone.
bool BusSocket::throw_away() {
  std::array<char, std::size_t{16} * 1024> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): only written
  for (std::size_t thrown = 0; left_ > 0 && thrown < thrown_at_once;) {
    const ssize_t got = recv(fd_, bytes.data(), std::min(left_, bytes.size()), MSG_DONTWAIT);
    if (got <= 0) return got == 0 || (errno != EAGAIN && errno != EINTR);  // libsystemd will see the end
    left_ -= static_cast<std::size_t>(got);
    thrown += static_cast<std::size_t>(got);
  }
  if (left_ > 0) return false;
  place_ = Place::boundary;
  return look();
}

void BusSocket::expect_reading() {
  track_lost_ = false;
  set_offset(fd_, far_ahead);
}

void BusSocket::prepare_blocking_call() {
  constexpr int longest_pause_ms = 1000;
  pollfd input{.fd = fd_, .events = POLLIN, .revents = 0};
  while (place_ == Place::oversized && !throw_away() && poll(&input, 1, longest_pause_ms) > 0) continue;
}

void BusSocket::lose_track() {
  if (place_ == Place::boundary) place_ = Place::inside;
  track_lost_ = true;
}

void BusSocket::note_read(bool dispatched) {
  if (place_ == Place::unknown || track_lost_) return;
  int offset = far_ahead;
  socklen_t size = sizeof offset;
  if (getsockopt(fd_, SOL_SOCKET, SO_PEEK_OFF, &offset, &size) != 0 || offset == far_ahead) return;
  // It reads until it has a whole message, and hands that over at once.
  place_ = dispatched ? Place::boundary : Place::inside;
}

}  // namespace bms::venus
