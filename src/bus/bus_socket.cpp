// The kernel can be asked to peek beyond what was read last, and says how far beyond that is now (SO_PEEK_OFF). So the
// offset that is left after libsystemd has read shows how much it took, whatever comes in meanwhile. It reads no
// further than to the end of a message.
#include "bus/bus_socket.hpp"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>

namespace bms::bus {
namespace {

constexpr int send_buffer_bytes = 64 * 1024;
constexpr int far_ahead = 1 << 30;  // more than libsystemd takes at a time
constexpr std::size_t thrown_at_once = std::size_t{256} * 1024;

/// The fixed beginning of every message on D-Bus.
struct Header {
  char byte_order;  ///< 'l' or 'B'
  std::uint8_t type, flags, version;
  std::uint32_t body_bytes, serial, fields_bytes;
};
static_assert(sizeof(Header) == 16);

std::uint64_t size_of(const Header& header) {
  const bool is_native = (header.byte_order == 'l') == (std::endian::native == std::endian::little);
  const auto native = [is_native](std::uint32_t number) { return is_native ? number : __builtin_bswap32(number); };
  const std::uint64_t fields = (std::uint64_t{native(header.fields_bytes)} + 7) / 8 * 8;
  return sizeof(Header) + fields + native(header.body_bytes);
}

bool set_offset(int fd, int offset) { return setsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &offset, sizeof offset) == 0; }

/// How much was read since it was set far ahead.
std::size_t bytes_read(int fd) {
  int offset = far_ahead;
  socklen_t size = sizeof offset;
  getsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &offset, &size);
  return static_cast<std::size_t>(far_ahead - offset);
}

bool is_over(ssize_t received) { return received == 0 || (received < 0 && errno != EAGAIN && errno != EINTR); }

}  // namespace

BusSocket::BusSocket(int fd) : fd_{fd} {
  setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
  if (!set_offset(fd_, far_ahead)) place_ = Place::unknown;
}

bool BusSocket::all_taken() const {
  int waiting = 0;
  return ioctl(fd_, SIOCOUTQ, &waiting) != 0 || waiting == 0;
}

BusSocket::Input BusSocket::look() {
  called_ = false;
  if (place_ == Place::unknown) return Input::message;
  Input input = Input::message;
  if (place_ == Place::oversized) input = throw_away();
  if (place_ == Place::boundary) input = look_at_header();
  set_offset(fd_, far_ahead);
  return input;
}

/// Decides about the message that begins here.
BusSocket::Input BusSocket::look_at_header() {
  Header header{};
  set_offset(fd_, 0);
  const ssize_t seen = recv(fd_, &header, sizeof header, MSG_PEEK | MSG_DONTWAIT);
  if (seen <= 0) return is_over(seen) ? Input::message : Input::none;  // libsystemd will see that it is over
  if (static_cast<std::size_t>(seen) < sizeof header) {
    // The rest is on its way, unless the kernel keeps the pieces apart, as it does where descriptors come along.
    int there = 0;
    if (ioctl(fd_, SIOCINQ, &there) == 0 && there < static_cast<int>(sizeof header)) return Input::unready;
    place_ = Place::unknown;
    return Input::message;
  }
  const std::uint64_t size = size_of(header);
  left_ = static_cast<std::size_t>(size);  // D-Bus allows none above 128 MB
  if (size <= largest_message) {
    place_ = Place::inside;
    return Input::message;
  }
  ++refused_;
  place_ = Place::oversized;
  return throw_away();
}

BusSocket::Input BusSocket::throw_away() {
  std::array<char, std::size_t{16} * 1024> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): only written
  for (std::size_t thrown = 0; left_ > 0 && thrown < thrown_at_once;) {
    const ssize_t got = recv(fd_, bytes.data(), std::min(left_, bytes.size()), MSG_DONTWAIT);
    if (got <= 0) return is_over(got) ? Input::message : Input::unready;
    left_ -= static_cast<std::size_t>(got);
    thrown += static_cast<std::size_t>(got);
  }
  if (left_ > 0) return Input::unready;
  place_ = Place::boundary;
  return look_at_header();
}

void BusSocket::note_read() {
  if (place_ == Place::unknown || called_) return;
  const std::size_t taken = bytes_read(fd_);
  if (taken == 0) return;
  // What came after a look at nothing, or is not a message, is not known.
  if (place_ != Place::inside || taken > left_) {
    place_ = Place::unknown;
    return;
  }
  left_ -= taken;
  if (left_ == 0) place_ = Place::boundary;
}

void BusSocket::prepare_blocking_call() {
  constexpr int longest_pause_ms = 1000;
  pollfd input{.fd = fd_, .events = POLLIN, .revents = 0};
  while (place_ == Place::oversized && throw_away() == Input::unready && poll(&input, 1, longest_pause_ms) > 0)
    continue;
}

void BusSocket::note_blocking_call(bool answered) {
  called_ = true;
  if (place_ != Place::unknown) place_ = answered && place_ != Place::oversized ? Place::boundary : Place::unknown;
}

}  // namespace bms::bus
