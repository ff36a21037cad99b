#include "console/socket_client.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <tuple>
#include <utility>

#include "console/trace_news.hpp"

namespace bms::console {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;                  // with a client that sends nothing
constexpr auto write_patience = 5s;             // with one that takes nothing
constexpr auto pace = 20ms;                     // from one request of a client to the next, at least
constexpr std::size_t most_unread = 64 * 1024;  // what nobody reads of progress and traces is left out beyond that
constexpr std::size_t past_at_once = 16 * 1024;
constexpr int most_tracing = 2;  // others must find a place, too
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

Answer refusal(ErrorKind kind, std::string why) { return {.refused = Error{kind, std::move(why), {}}}; }

}  // namespace

SocketClient::SocketClient(Stream stream, std::shared_ptr<const SocketServices> services,
                           std::shared_ptr<SocketUse> use)
    : stream_(std::move(stream)),
      timer_(stream_.get_executor()),
      news_(stream_.get_executor()),
      services_(std::move(services)),
      use_(std::move(use)) {
  ++use_->clients;
}

SocketClient::~SocketClient() { --use_->clients; }

asio::awaitable<void> SocketClient::serve(std::shared_ptr<SocketClient> client) {
  // GCC 12 makes an illegal instruction of a loop that awaits in its condition.
  for (bool more = true; more;) more = co_await client->serve_once();
}

asio::awaitable<bool> SocketClient::serve_once() {
  limit(patience);
  const auto [failed, size] =
      co_await asio::async_read_until(stream_, asio::dynamic_buffer(input_, longest_request + 1), '\n', as_result);
  timer_.cancel();
  if (failed) {
    std::string too_long = written(refusal(ErrorKind::rejected, "the line is longer than any request"));
    if (input_.size() > longest_request) co_await send(std::move(too_long));
    co_return false;
  }
  const std::string line = input_.substr(0, size - 1);
  input_.erase(0, size);
  Answer answer;
  if (auto request = read_request(line)) {
    answer = co_await carry_out(*std::move(request));
  } else {
    answer.refused = request.error();
  }
  output_ += written(answer) + "\n";
  std::string lines = std::exchange(output_, {});
  const bool sent = co_await send(std::move(lines));
  if (!sent) co_return false;
  timer_.expires_after(pace);
  const auto [cancelled] = co_await timer_.async_wait(as_result);
  co_return !cancelled;
}

asio::awaitable<Answer> SocketClient::carry_out(Request request) {
  lost_ = 0;
  if (const auto* wish = std::get_if<Trace>(&request.wish)) {
    const Trace wanted = *wish;
    co_return co_await trace(std::move(request), wanted);
  }
  // Sent at once as far as the client takes it, and never waited for.
  std::function<void(const Progress&)> progress;
  if (request.progress) {
    progress = [self = weak_from_this()](const Progress& now) {
      if (const auto client = self.lock(); client && client->append(written(now))) client->send_what_is_taken();
    };
  }
  Listening listening;
  if (request.trace && services_->listen) listening = services_->listen([this](const Traffic& piece) { hear(piece); });
  std::string who = peer();
  co_return co_await services_->answer(std::move(request), std::move(who), std::move(progress));
}

/// A client that sends anything, or closes its end, has heard enough.
asio::awaitable<Answer> SocketClient::trace(Request request, Trace wish) {
  if (!services_->listen) co_return refusal(ErrorKind::unsupported, "this driver does not tell what passes its line");
  if (use_->tracing >= most_tracing)
    co_return refusal(ErrorKind::busy, "others are tracing this line already; try again when they have ended");
  ++use_->tracing;
  const std::shared_ptr<SocketUse> counted(use_.get(), [keep = use_](SocketUse* use) { --use->tracing; });
  Request who{.battery = request.battery, .wish = Identify{}};
  std::function<void(const Progress&)> nothing;
  Answer answer = co_await services_->answer(std::move(who), peer(), std::move(nothing));
  if (answer.refused && answer.refused->kind != ErrorKind::busy) co_return answer;
  answer.refused.reset();  // while boards are looked for there is much to hear
  const TimePoint end =
      wish.seconds > 0 ? Clock::now() + std::chrono::round<Clock::duration>(std::chrono::duration<double>(wish.seconds))
                       : TimePoint::max();
  tracing_ = true;
  const Listening listening = services_->listen([this](const Traffic& piece) { hear(piece); });
  bool taken = true;
  if (wish.past) taken = co_await send_past();
  if (taken) co_await send_news(end);
  tracing_ = false;
  co_return answer;
}

asio::awaitable<bool> SocketClient::send_past() {
  std::string text;
  for (const KeptTraffic& piece : services_->past()) {
    text += written(Traffic{.at = piece.at, .sent = piece.sent, .bytes = piece.bytes}) + "\n";
    if (text.size() < past_at_once) continue;
    std::string batch = std::exchange(text, {});
    const bool taken = co_await send(std::move(batch));
    if (!taken) co_return false;
  }
  if (!text.empty()) co_return co_await send(std::move(text));
  co_return true;
}

asio::awaitable<void> SocketClient::send_news(TimePoint end) {
  const auto enough = std::make_shared<bool>(input_.find('\n') != std::string::npos);
  stream_.async_wait(Stream::wait_read, [enough, self = weak_from_this()](const boost::system::error_code&) {
    *enough = true;
    if (const auto client = self.lock()) client->news_.cancel();
  });
  bool taken = true;
  while (taken && !*enough && Clock::now() < end) {
    if (output_.empty()) {
      news_.expires_at(end);
      co_await news_.async_wait(as_result);
    } else {
      std::string text = std::exchange(output_, {});
      taken = co_await send(std::move(text));
    }
  }
  boost::system::error_code ignored;
  std::ignore = stream_.cancel(ignored);
}

void SocketClient::hear(const Traffic& piece) {
  if (lost_ > 0 && append(written_loss(lost_))) lost_ = 0;
  if (lost_ > 0 || !append(written(piece))) ++lost_;
  if (tracing_) {
    news_.cancel();
  } else {
    send_what_is_taken();
  }
}

/// Adds a line, unless too much has not been taken yet.
bool SocketClient::append(const std::string& line) {
  if (output_.size() > most_unread) return false;
  output_ += line + "\n";
  return true;
}

void SocketClient::send_what_is_taken() {
  boost::system::error_code would_block;
  std::ignore = stream_.non_blocking(true, would_block);
  const std::size_t sent = stream_.write_some(asio::buffer(output_), would_block);
  if (!would_block) output_.erase(0, sent);
}

asio::awaitable<bool> SocketClient::send(std::string text) {
  limit(write_patience);
  const auto [failed, size] = co_await asio::async_write(stream_, asio::buffer(text), as_result);
  timer_.cancel();
  co_return !failed;
}

/// What is waited for ends with an error after that time.
void SocketClient::limit(std::chrono::milliseconds time) {
  timer_.expires_after(time);
  timer_.async_wait([self = weak_from_this()](const boost::system::error_code& cancelled) {
    boost::system::error_code ignored;
    if (const auto client = self.lock(); client && !cancelled) std::ignore = client->stream_.close(ignored);
  });
}

std::string SocketClient::peer() {
  ucred who{};
  socklen_t size = sizeof who;
  if (getsockopt(stream_.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return "somebody";
  return "user " + std::to_string(who.uid) + ", process " + std::to_string(who.pid);
}

}  // namespace bms::console
