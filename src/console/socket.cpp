#include "console/socket.hpp"

#include <sys/stat.h>
#include <nlohmann/json.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <tuple>
#include <utility>

#include "console/json.hpp"
#include "console/socket_client.hpp"

namespace bms::console {

namespace asio = boost::asio;
using Stream = asio::local::stream_protocol;
using namespace std::chrono_literals;

namespace {

constexpr int most_clients = 4;
constexpr auto second_try_after = 1s;  // where somebody else listens
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

/// One client too many is told so, as far as it listens.
void turn_away(Stream::socket& stream) {
  const Answer full{.refused = Error{ErrorKind::busy, "too many others are asking; try again in a moment", {}}};
  boost::system::error_code ignored;
  std::ignore = stream.non_blocking(true, ignored);
  std::ignore = stream.write_some(asio::buffer(written(full) + "\n"), ignored);
}

/// Whether a process listens at `path`.
bool is_alive(const std::string& path) {
  asio::io_context nobody;
  Stream::socket client(nobody);
  boost::system::error_code failed;
  std::ignore = client.open(Stream(), failed);
  std::ignore = client.non_blocking(true, failed);
  std::ignore = client.connect(Stream::endpoint(path), failed);
  return !failed || failed == asio::error::would_block;
}

/// What the system says, without where in the program that was.
std::string plain_words(const std::exception& why) {
  if (const auto* system = dynamic_cast<const boost::system::system_error*>(&why)) return system->code().message();
  if (const auto* file = dynamic_cast<const std::filesystem::filesystem_error*>(&why)) return file->code().message();
  return why.what();
}

/// Makes way for a socket: what an earlier process has left goes, anything else stays.
void clear(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_socket(path, ignored)) std::filesystem::remove(path, ignored);
}

}  // namespace

/// A name in the file system, and who is waited for there.
class Socket::Place {
 public:
  Place(asio::io_context& loop, std::string path) : acceptor_(loop), path_(std::move(path)) {}

  /// Listens, unless somebody else does: then this returns false, and nothing of theirs is touched. Throws what the
  /// system says.
  bool listen() {
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path());
    if (is_alive(path_)) return false;
    clear(path_);
    const Stream::endpoint here(path_);
    acceptor_.open(here.protocol());
    const mode_t before = umask(0117);
    boost::system::error_code failed;
    std::ignore = acceptor_.bind(here, failed);
    umask(before);
    if (failed) throw boost::system::system_error(failed);
    if (!status(made_)) made_ = {};
    acceptor_.listen(most_clients);
    return true;
  }

  /// Ends listening. The name goes as well, unless another process has put a socket of its own there.
  void end() {
    ended_ = true;
    boost::system::error_code ignored;
    std::ignore = acceptor_.close(ignored);
    struct stat now{};
    if (made_.st_ino != 0 && status(now) && now.st_ino == made_.st_ino && now.st_dev == made_.st_dev) clear(path_);
  }

  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] Stream::acceptor& acceptor() { return acceptor_; }

 private:
  bool status(struct stat& of) const { return ::lstat(path_.c_str(), &of) == 0; }

  Stream::acceptor acceptor_;
  std::string path_;
  struct stat made_{};  ///< of the socket that this one has made
  bool ended_ = false;
};

namespace {

asio::awaitable<void> accept(std::shared_ptr<Socket::Place> place, SocketServices services) {
  const auto shared_services = std::make_shared<const SocketServices>(std::move(services));
  const auto use = std::make_shared<SocketUse>();
  const auto executor = co_await asio::this_coro::executor;
  while (!place->ended()) {
    auto [failed, stream] = co_await place->acceptor().async_accept(as_tuple);
    if (failed == asio::error::operation_aborted) co_return;
    if (failed) {  // no descriptors are left, for instance
      asio::steady_timer timer(executor, 1s);
      co_await timer.async_wait(as_tuple);
    } else if (use->clients >= most_clients) {
      turn_away(stream);
    } else {
      auto client = std::make_shared<SocketClient>(std::move(stream), shared_services, use);
      asio::co_spawn(executor, SocketClient::serve(std::move(client)), asio::detached);
    }
  }
}

/// Waits until whoever listens there has gone, and then for clients.
asio::awaitable<void> take_over(std::shared_ptr<Socket::Place> place, SocketServices services) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (bool listens = false; !listens;) {
    timer.expires_after(second_try_after);
    co_await timer.async_wait(as_tuple);
    if (place->ended()) co_return;
    try {
      listens = place->listen();
    } catch (const std::exception&) {
      co_return;  // it has been said already that nobody can ask here
    }
  }
  co_await accept(std::move(place), std::move(services));
}

}  // namespace

Socket::Socket(asio::io_context& loop, std::string path, SocketServices services)
    : place_(std::make_shared<Place>(loop, path)) {
  try {
    if (place_->listen()) {
      asio::co_spawn(loop, accept(place_, std::move(services)), asio::detached);
    } else {
      problem_ = path + ": another process listens there, until it ends";
      asio::co_spawn(loop, take_over(place_, std::move(services)), asio::detached);
    }
  } catch (const std::exception& why) {
    problem_ = path + " cannot be made: " + plain_words(why) +
               "; `dbus-bms get`, `watch` and the like do not reach this driver. --run-dir names another directory";
  }
}

Socket::~Socket() { place_->end(); }

std::string socket_path(const std::string& run_directory, const std::string& port_name) {
  return run_directory + "/" + port_name + ".sock";
}

std::string written(const Progress& progress) {
  return one_line({{"progress", {{"done", progress.done}, {"all", progress.all}}}});
}

std::string written(const Answer& answer) { return one_line(to_json(answer)); }

}  // namespace bms::console
