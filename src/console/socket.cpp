#include "console/socket.hpp"

#include <sys/stat.h>

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
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

/// Makes way for a socket: what an earlier process has left goes, anything else stays.
void clear(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_socket(path, ignored)) std::filesystem::remove(path, ignored);
}

using Acceptor = asio::local::stream_protocol::acceptor;

/// One client too many is told so, as far as it listens.
void turn_away(Stream::socket& stream) {
  const Answer full{.refused = Error{ErrorKind::busy, "too many others are asking; try again in a moment", {}}};
  boost::system::error_code ignored;
  std::ignore = stream.non_blocking(true, ignored);
  std::ignore = stream.write_some(asio::buffer(written(full) + "\n"), ignored);
}

asio::awaitable<void> accept(std::shared_ptr<Acceptor> acceptor, SocketServices services) {
  const auto shared_services = std::make_shared<const SocketServices>(std::move(services));
  const auto use = std::make_shared<SocketUse>();
  const auto executor = co_await asio::this_coro::executor;
  while (acceptor->is_open()) {
    auto [failed, stream] = co_await acceptor->async_accept(as_tuple);
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

/// Listens at `path`. Throws what the system says.
void listen(Acceptor& acceptor, const std::string& path) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  clear(path);
  const Stream::endpoint here(path);
  acceptor.open(here.protocol());
  const mode_t before = umask(0117);
  boost::system::error_code failed;
  std::ignore = acceptor.bind(here, failed);
  umask(before);
  if (failed) throw boost::system::system_error(failed);
  acceptor.listen(most_clients);
}

}  // namespace

Socket::Socket(asio::io_context& loop, std::string path, SocketServices services)
    : acceptor_(std::make_shared<Acceptor>(loop)), path_(std::move(path)) {
  try {
    listen(*acceptor_, path_);
    asio::co_spawn(loop, accept(acceptor_, std::move(services)), asio::detached);
  } catch (const std::exception& why) {
    problem_ = path_ + ": " + why.what();
  }
}

Socket::~Socket() {
  boost::system::error_code ignored;
  std::ignore = acceptor_->close(ignored);
  if (problem_.empty()) clear(path_);
}

std::string socket_path(const std::string& run_directory, const std::string& port_name) {
  return run_directory + "/" + port_name + ".sock";
}

std::string written(const Progress& progress) {
  return one_line({{"progress", {{"done", progress.done}, {"all", progress.all}}}});
}

std::string written(const Answer& answer) { return one_line(to_json(answer)); }

}  // namespace bms::console
