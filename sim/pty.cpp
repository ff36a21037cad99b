// Opening, linking and serving a pseudo-terminal.
#include "pty.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace bms::sim {
namespace {

void check(bool good, const char* what) {
  if (!good) throw std::system_error(errno, std::generic_category(), what);
}

void make_raw(int tty) {
  termios settings{};
  check(tcgetattr(tty, &settings) == 0, "tcgetattr");
  cfmakeraw(&settings);
  check(tcsetattr(tty, TCSANOW, &settings) == 0, "tcsetattr");
}

}  // namespace

Pty::Pty(boost::asio::io_context& loop, std::string link) : master_(loop), slave_(loop), link_(std::move(link)) {}

Pty::~Pty() { unplug(); }

void Pty::plug(OnBytes on_bytes) {
  unplug();
  on_bytes_ = std::move(on_bytes);
  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  check(master >= 0, "posix_openpt");
  master_.assign(master);
  master_.non_blocking(true);
  check(grantpt(master) == 0 && unlockpt(master) == 0, "unlockpt");
  std::array<char, 64> name{};
  check(ptsname_r(master, name.data(), name.size()) == 0, "ptsname");
  path_ = name.data();

  // Held open, so that a driver can come and go without the master seeing a hang-up.
  const int slave = open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  check(slave >= 0, "open slave");
  slave_.assign(slave);
  slave_fd_ = slave;
  make_raw(slave);
  place_link();
  read_next();
}

void Pty::unplug() {
  if (!plugged()) return;
  std::error_code ignored;
  if (!link_.empty() && std::filesystem::read_symlink(link_, ignored) == path_) std::filesystem::remove(link_, ignored);
  slave_.close();
  master_.close();
}

void Pty::place_link() const {
  if (link_.empty()) return;
  // Only a link is replaced, never somebody's file.
  if (std::filesystem::exists(std::filesystem::symlink_status(link_)) && !std::filesystem::is_symlink(link_))
    throw std::invalid_argument("--link: " + link_ + " is there already, and is not a link");
  const std::string fresh = link_ + "." + std::to_string(getpid());
  std::filesystem::create_symlink(path_, fresh);
  std::filesystem::rename(fresh, link_);
}

void Pty::write(std::span<const std::uint8_t> bytes) {
  boost::system::error_code ignored;
  if (plugged()) master_.write_some(boost::asio::buffer(bytes.data(), bytes.size()), ignored);
}

void Pty::read_next() {
  master_.async_read_some(boost::asio::buffer(buffer_), [this](boost::system::error_code error, std::size_t count) {
    if (error) return;
    // An exclusive lock of the driver outlives it as long as this side holds the terminal open, so it is lifted here.
    ioctl(slave_.native_handle(), TIOCNXCL);
    on_bytes_(std::span(buffer_).first(count));
    if (plugged()) read_next();
  });
}

}  // namespace bms::sim
