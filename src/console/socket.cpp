#include "console/socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <filesystem>
#include <tuple>
#include <utility>

#include "console/json.hpp"

namespace bms::console {

namespace asio = boost::asio;
using Stream = asio::local::stream_protocol;
using namespace std::chrono_literals;

namespace {

constexpr int most_clients = 4;
constexpr auto patience = 60s;                  // with a client that sends nothing
constexpr auto write_patience = 5s;             // with one that takes nothing
constexpr auto pace = 20ms;                     // from one request of a client to the next, at least
constexpr std::size_t most_unread = 64 * 1024;  // lines of progress that nobody reads are left out beyond that
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

/// One client.
class Client : public std::enable_shared_from_this<Client> {
 public:
  Client(Stream::socket stream, std::shared_ptr<const Answerer> answerer, std::shared_ptr<int> count)
      : stream_(std::move(stream)),
        timer_(stream_.get_executor()),
        answerer_(std::move(answerer)),
        count_(std::move(count)) {
    ++*count_;
  }
  ~Client() { --*count_; }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  static asio::awaitable<void> serve(std::shared_ptr<Client> client) {
    // GCC 12 makes an illegal instruction of a loop that awaits in its condition.
    for (bool more = true; more;) more = co_await client->serve_once();
  }

 private:
  asio::awaitable<bool> serve_once() {
    limit(patience);
    const auto [failed, size] =
        co_await asio::async_read_until(stream_, asio::dynamic_buffer(input_, longest_request + 1), '\n', as_tuple);
    timer_.cancel();
    if (failed) {
      std::string too_long = written(refusal("the line is longer than any request"));
      if (input_.size() > longest_request) co_await send(std::move(too_long));
      co_return false;
    }
    const std::string line = input_.substr(0, size - 1);
    input_.erase(0, size);
    Answer answer;
    if (auto request = read_request(line)) {
      auto progress = request->progress ? follower() : std::function<void(const Progress&)>();
      answer = co_await (*answerer_)(*std::move(request), peer(), std::move(progress));
    } else {
      answer.refused = request.error();
    }
    output_ += written(answer) + "\n";
    std::string lines = std::exchange(output_, {});
    const bool sent = co_await send(std::move(lines));
    if (!sent) co_return false;
    timer_.expires_after(pace);
    const auto [cancelled] = co_await timer_.async_wait(as_tuple);
    co_return !cancelled;
  }

  /// Progress is sent at once as far as the client takes it, and never waited for.
  std::function<void(const Progress&)> follower() {
    return [self = weak_from_this()](const Progress& progress) {
      const auto client = self.lock();
      if (!client || client->output_.size() > most_unread) return;
      client->output_ += written(progress) + "\n";
      boost::system::error_code would_block;
      std::ignore = client->stream_.non_blocking(true, would_block);
      const std::size_t sent = client->stream_.write_some(asio::buffer(client->output_), would_block);
      if (!would_block) client->output_.erase(0, sent);
    };
  }

  asio::awaitable<bool> send(std::string text) {
    limit(write_patience);
    const auto [failed, size] = co_await asio::async_write(stream_, asio::buffer(text), as_tuple);
    timer_.cancel();
    co_return !failed;
  }

  /// What is waited for ends with an error after that time.
  void limit(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([self = weak_from_this()](const boost::system::error_code& cancelled) {
      boost::system::error_code ignored;
      if (const auto client = self.lock(); client && !cancelled) std::ignore = client->stream_.close(ignored);
    });
  }

  static Answer refusal(std::string why) { return {.refused = Error{ErrorKind::rejected, std::move(why), {}}}; }

  [[nodiscard]] std::string peer() {
    ucred who{};
    socklen_t size = sizeof who;
    if (getsockopt(stream_.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return "somebody";
    return "user " + std::to_string(who.uid) + ", process " + std::to_string(who.pid);
  }

  Stream::socket stream_;
  asio::steady_timer timer_;
  std::shared_ptr<const Answerer> answerer_;
  std::shared_ptr<int> count_;
  std::string input_;
  std::string output_;  ///< what has not been taken yet
};

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

asio::awaitable<void> accept(std::shared_ptr<Acceptor> acceptor, Answerer answerer) {
  const auto shared_answerer = std::make_shared<const Answerer>(std::move(answerer));
  const auto clients = std::make_shared<int>(0);
  const auto executor = co_await asio::this_coro::executor;
  while (acceptor->is_open()) {
    auto [failed, stream] = co_await acceptor->async_accept(as_tuple);
    if (failed == asio::error::operation_aborted) co_return;
    if (failed) {  // no descriptors are left, for instance
      asio::steady_timer timer(executor, 1s);
      co_await timer.async_wait(as_tuple);
    } else if (*clients >= most_clients) {
      turn_away(stream);
    } else {
      auto client = std::make_shared<Client>(std::move(stream), shared_answerer, clients);
      asio::co_spawn(executor, Client::serve(std::move(client)), asio::detached);
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

Socket::Socket(asio::io_context& loop, std::string path, Answerer answerer)
    : acceptor_(std::make_shared<Acceptor>(loop)), path_(std::move(path)) {
  try {
    listen(*acceptor_, path_);
    asio::co_spawn(loop, accept(acceptor_, std::move(answerer)), asio::detached);
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
