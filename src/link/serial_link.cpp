#include "link/serial_link.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "link/serial_settings.hpp"

namespace bms::link {

namespace asio = boost::asio;

SerialLink::SerialLink(asio::io_context& loop, std::string path, unsigned baud)
    : port_(loop), timer_(loop), path_(std::move(path)), wire_(baud) {}

SerialLink::~SerialLink() {
  if (port_.is_open()) port_.release();
  close();
}

asio::awaitable<void> SerialLink::sleep_until(TimePoint time) {
  timer_.expires_at(time);
  boost::system::error_code cancelled;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

asio::awaitable<void> SerialLink::rest_until(TimePoint time) {
  resting_ = true;
  co_await sleep_until(time);
  resting_ = false;
}

void SerialLink::wake() {
  if (resting_) timer_.cancel();
}

namespace {

/// What to do about a port that cannot be opened.
std::string advice_on(int error) {
  if (error == EACCES) return "; be root, or in the group of the port (adduser YOU dialout, then log in again)";
  if (error == ENOENT) return "; is the adapter plugged in? `dbus-bms status` lists those that are there";
  return {};
}

}  // namespace

Result<void> SerialLink::open_now() {
  close();
  fd_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd_ < 0) {
    const int error = errno;
    return failure(ErrorKind::link, path_ + ": " + std::strerror(error) + advice_on(error));
  }
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    close();
    return failure(ErrorKind::link, path_ + " is in use by another process, which `dbus-bms status` names");
  }
  ioctl(fd_, TIOCEXCL);
  settings_before_ = read_serial_settings(fd_);
  return configure();
}

asio::awaitable<Result<void>> SerialLink::open() { co_return open_now(); }

Result<void> SerialLink::use_baud(unsigned baud) {
  if (baud == wire_.baud()) return {};
  wire_.use_baud(baud);
  return fd_ < 0 ? Result<void>{} : configure();
}

Result<void> SerialLink::configure() {
  if (auto configured = configure_serial_port(fd_, wire_.baud()); !configured) {
    close();
    return failure(ErrorKind::link, path_ + ": " + configured.error().message);
  }
  wire_.quiet(now());
  return {};
}

void SerialLink::close() {
  if (fd_ < 0) return;
  restore_serial_settings(fd_, settings_before_);
  ioctl(fd_, TIOCNXCL);
  ::close(fd_);
  fd_ = -1;
}

std::size_t SerialLink::discard_input() {
  // Questions that a stopped board has not taken yet would all be answered at once when it goes on.
  tcflush(fd_, TCOFLUSH);
  std::array<std::uint8_t, 256> scrap{};
  std::size_t dropped = 0;
  while (auto got = read_now(scrap)) {
    if (*got == 0) break;
    dropped += *got;
  }
  return dropped;
}

std::unexpected<Error> SerialLink::gone(const char* what) {
  close();
  gone_ = what;
  return failure(ErrorKind::link, path_ + ": " + gone_);
}

asio::awaitable<Result<void>> SerialLink::write(Bytes bytes) {
  if (fd_ < 0) co_return failure(ErrorKind::link, path_ + ": " + gone_);  // as old input showed that was dropped
  const TimePoint give_up = now() + wire_.time(bytes.size()) + std::chrono::seconds(1);
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written > 0) {
      wire_.sent(static_cast<std::size_t>(written), now());
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EINTR) {
      if (now() > give_up) co_return gone("does not take bytes for a second");
      co_await sleep_until(now() + std::chrono::milliseconds(10));
    } else {
      co_return gone(std::strerror(errno));
    }
  }
  co_return Result<void>{};
}

asio::awaitable<Result<std::size_t>> SerialLink::read(std::span<std::uint8_t> buffer, TimePoint deadline) {
  for (;;) {
    auto got = read_now(buffer);
    if (got && *got > 0) wire_.received(now());
    if (!got || *got > 0 || now() >= deadline) co_return got;
    co_await wait_readable(deadline);
  }
}

Result<std::size_t> SerialLink::read_now(std::span<std::uint8_t> buffer) {
  const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
  if (got > 0) return static_cast<std::size_t>(got);
  if (got == 0) return gone("hung up");
  if (errno == EAGAIN || errno == EINTR) return 0;
  return gone(std::strerror(errno));
}

asio::awaitable<void> SerialLink::wait_readable(TimePoint deadline) {
  // The port is known to the loop only while somebody waits for it. A port that stays registered would wake the
  // process for each byte that trickles in.
  // A deadline that has fired already, but was not handled yet, must not hit the wait after this one: hence the number.
  const unsigned number = ++wait_number_;
  port_.assign(fd_);
  timer_.expires_at(deadline);
  timer_.async_wait([number, this](const boost::system::error_code& cancelled) {
    if (!cancelled && number == wait_number_) port_.cancel();
  });
  boost::system::error_code ignored;  // cancelled at the deadline; a hang-up is reported by the read that follows
  co_await port_.async_wait(asio::posix::stream_descriptor::wait_read,
                            asio::redirect_error(asio::use_awaitable, ignored));
  ++wait_number_;
  timer_.cancel();
  port_.release();
}

bool is_locked(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return errno == EBUSY;  // TIOCEXCL keeps out whoever is not root
  const bool locked = flock(fd, LOCK_EX | LOCK_NB) != 0;
  ::close(fd);
  return locked;
}

}  // namespace bms::link
