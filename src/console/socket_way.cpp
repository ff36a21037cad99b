#include "console/socket_way.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <optional>
#include <tuple>

#include "console/json.hpp"

namespace bms::console {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_answer = 4 * 1024 * 1024;

/// What a line of the driver is.
using Line = std::variant<Progress, TraceNews, Answer>;

Result<Line> read_line(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (has(json, "progress")) {
    const Json& progress = json["progress"];
    return Progress{.done = progress.value("done", std::size_t{0}), .all = progress.value("all", std::size_t{0})};
  }
  if (has(json, "trace")) {
    auto news = trace_news_from(json);
    if (!news) return std::unexpected(news.error());
    return *std::move(news);
  }
  auto answer = answer_from(json);
  if (!answer) return std::unexpected(answer.error());
  return *std::move(answer);
}

}  // namespace

Result<std::unique_ptr<SocketWay>> SocketWay::connect(const std::string& path) {
  std::unique_ptr<SocketWay> way(new SocketWay(path));
  if (auto connected = way->connect_now(); !connected) return std::unexpected(connected.error());
  return way;
}

Result<void> SocketWay::connect_now() {
  boost::system::error_code failed;
  std::ignore = stream_.connect(asio::local::stream_protocol::endpoint(path_), failed);
  if (!failed) return {};
  boost::system::error_code ignored;
  std::ignore = stream_.close(ignored);
  if (failed == asio::error::access_denied)
    return failure(ErrorKind::link, path_ + ": you may not ask this driver; be root, or of the group that owns it");
  return failure(ErrorKind::silent, path_ + ": no driver listens there (" + failed.message() + ")");
}

/// Others may have the place; whoever asks again connects again.
void SocketWay::hang_up() {
  boost::system::error_code ignored;
  std::ignore = stream_.close(ignored);
  input_.clear();
}

Result<std::string> SocketWay::next_line() {
  boost::system::error_code failed;
  std::size_t size = 0;
  bool over = false;
  asio::async_read_until(stream_, asio::dynamic_buffer(input_, longest_answer), '\n',
                         [&](const boost::system::error_code& why, std::size_t found) {
                           failed = why;
                           size = found;
                           over = true;
                         });
  loop_.restart();
  if (longest_wait_) {
    const auto end = std::chrono::steady_clock::now() + *longest_wait_;
    while (!over && loop_.run_one_until(end) > 0) {
    }
    if (!over) {
      hang_up();
      loop_.restart();
      loop_.run();  // what waits refers to what ends here
      return failure(ErrorKind::silent, path_ + ": the driver does not answer");
    }
  }
  while (!over) loop_.run_one();
  if (failed) return failure(ErrorKind::link, "the driver has gone away; what it has done by then is in its log");
  std::string line = input_.substr(0, size - 1);
  input_.erase(0, size);
  return line;
}

Result<Answer> SocketWay::ask(const Request& request, const std::function<void(const Progress&)>& progress) {
  if (!stream_.is_open()) {
    if (auto connected = connect_now(); !connected) return std::unexpected(connected.error());
  }
  // A trace without an end ends in good order when somebody has seen enough.
  std::optional<asio::signal_set> signals;
  if (std::holds_alternative<Trace>(request.wish)) {
    signals.emplace(loop_, SIGINT, SIGTERM, SIGHUP);
    signals->async_wait([this, &signals](const boost::system::error_code& cancelled, int /*signal*/) {
      boost::system::error_code ignored;
      if (cancelled) return;
      std::ignore = stream_.shutdown(asio::socket_base::shutdown_send, ignored);
      std::ignore = signals->clear(ignored);  // a second one ends the program whatever the driver does
    });
  }
  // Whoever has been turned away cannot write any more, and can still read why.
  boost::system::error_code ignored;
  asio::write(stream_, asio::buffer(written(request) + "\n"), ignored);
  for (;;) {
    const auto line = next_line();
    if (!line) return std::unexpected(line.error());
    auto read = read_line(*line);
    if (!read) return std::unexpected(read.error());
    if (auto* answer = std::get_if<Answer>(&*read)) {
      if (answer->refused && answer->refused->kind == ErrorKind::busy) hang_up();
      return std::move(*answer);
    }
    if (const auto* news = std::get_if<TraceNews>(&*read)) tell(*news);
    if (const auto* made = std::get_if<Progress>(&*read); made != nullptr && request.progress) progress(*made);
  }
}

}  // namespace bms::console
