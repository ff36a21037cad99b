// Clients of the socket that trace: what they are told, in which order, and what it costs when they do not read it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "console/socket.hpp"
#include "console/trace_news.hpp"

namespace bms::console {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

class ConsoleSocket : public testing::Test {
 protected:
  ConsoleSocket() : socket(loop, path, services()) { EXPECT_EQ(socket.problem(), ""); }

  SocketServices services() {
    return {.answer = [](Request, std::string, std::function<void(const Progress&)>) -> asio::awaitable<Answer> {
              co_return Answer{.board = {.place = "ttyTEST"}};
            },
            .listen =
                [this](TrafficListener listener) {
                  auto shared = std::make_shared<TrafficListener>(std::move(listener));
                  listeners.push_back(shared);
                  return shared;
                },
            .past = [this] { return past; }};
  }

  [[nodiscard]] std::size_t listening() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(listeners, [](const auto& listener) { return !listener.expired(); }));
  }

  template <class Done>
  void run_until(Done done) {
    while (!done()) loop.run_one();
  }

  void pass(std::size_t size) {
    const std::vector<std::uint8_t> bytes(size, 0xDD);
    for (const auto& weak : listeners)
      if (const auto listener = weak.lock()) (*listener)({.at = Clock::now(), .bytes = bytes});
  }

  std::string path = testing::TempDir() + "socket-" + std::to_string(getpid()) + ".sock";
  asio::io_context loop;
  std::vector<std::weak_ptr<TrafficListener>> listeners;
  std::vector<KeptTraffic> past;
  Socket socket;
};

/// A client that reads when it likes.
class Client {
 public:
  Client(asio::io_context& loop, const std::string& path) : stream_(loop) { stream_.connect({path}); }

  void say(const std::string& line) { asio::write(stream_, asio::buffer(line + "\n")); }

  /// What comes next, while the loop runs; null: it has been closed.
  Json next(asio::io_context& loop) {
    std::size_t end = 0;
    while ((end = input_.find('\n', at_)) == std::string::npos) {
      if (!take_more(loop)) return {};
    }
    const Json line = Json::parse(input_.begin() + static_cast<std::ptrdiff_t>(at_),
                                  input_.begin() + static_cast<std::ptrdiff_t>(end));
    at_ = end + 1;
    return line;
  }

 private:
  /// As much as there is, so that whoever writes does not have to wait. False: it has been closed.
  bool take_more(asio::io_context& loop) {
    input_.erase(0, std::exchange(at_, 0));
    std::optional<bool> open;
    stream_.async_read_some(asio::buffer(buffer_), [&](const boost::system::error_code& failed, std::size_t size) {
      input_.append(buffer_.data(), size);
      open = !failed;
    });
    while (!open) loop.run_one();
    return *open;
  }

  asio::local::stream_protocol::socket stream_;
  std::array<char, 256 * 1024> buffer_{};
  std::string input_;
  std::size_t at_ = 0;  ///< where the next line begins
};

TEST_F(ConsoleSocket, OneThatComesLaterLeavesItAlone) {
  {
    Socket second(loop, path, services());
    EXPECT_THAT(second.problem(), testing::HasSubstr("another process listens there"));
  }
  Client client(loop, path);
  client.say(R"({"verb":"identify"})");
  EXPECT_EQ(client.next(loop)["board"]["place"], "ttyTEST");
}

TEST(LaterSockets, TakeThePlaceOfThoseThatEnd) {
  const std::string path = testing::TempDir() + "socket-later-" + std::to_string(getpid()) + ".sock";
  asio::io_context loop;
  const auto called = [](const char* place) {
    SocketServices services;
    services.answer = [place](Request, std::string, std::function<void(const Progress&)>) -> asio::awaitable<Answer> {
      co_return Answer{.board = {.place = place}};
    };
    return services;
  };
  auto first = std::make_optional<Socket>(loop, path, called("first"));
  const Socket second(loop, path, called("second"));
  first.reset();
  while (!std::filesystem::exists(path)) loop.run_one();
  Client client(loop, path);
  client.say(R"({"verb":"identify"})");
  EXPECT_EQ(client.next(loop)["board"]["place"], "second");
}

/// As a driver that was started anew while the one before was ending has put it there.
TEST(LaterSockets, StayWhenThoseBeforeEnd) {
  const std::string path = testing::TempDir() + "socket-other-" + std::to_string(getpid()) + ".sock";
  asio::io_context loop;
  auto first = std::make_optional<Socket>(loop, path, SocketServices{});
  std::filesystem::remove(path);
  const Socket second(loop, path, SocketServices{});
  EXPECT_EQ(second.problem(), "");
  first.reset();
  EXPECT_TRUE(std::filesystem::is_socket(path));
}

TEST_F(ConsoleSocket, TellsThePastFirstThenWhatComesThenTheAnswer) {
  for (int i = 0; i < 1000; ++i)
    past.push_back({.at = TimePoint(std::chrono::milliseconds(i)), .sent = i % 2 == 0, .bytes = {0x01}});
  Client client(loop, path);
  client.say(R"({"verb":"trace","past":true})");
  for (std::size_t i = 0; i < past.size(); ++i) {
    const auto news = trace_news_from(client.next(loop));
    ASSERT_TRUE(news) << i;
    ASSERT_EQ(news->piece.sent, past[i].sent);
  }
  pass(3);
  EXPECT_EQ(trace_news_from(client.next(loop))->piece.bytes.size(), 3U);
  client.say("enough");
  EXPECT_EQ(client.next(loop)["board"]["place"], "ttyTEST");
  EXPECT_EQ(listening(), 0U);
}

TEST_F(ConsoleSocket, TellsWhoeverFallsBehindHowMuchIsMissing) {
  constexpr std::size_t pieces = 4000, size = 100;
  Client client(loop, path);
  client.say(R"({"verb":"trace"})");
  run_until([this] { return listening() == 1; });
  for (std::size_t i = 0; i < pieces; ++i) {
    pass(size);
    loop.poll();
  }
  std::size_t came = 0, lost = 0;
  while (lost == 0) {
    const auto news = trace_news_from(client.next(loop));
    ASSERT_TRUE(news);
    lost += news->lost;
    if (++came % 100 == 0) pass(1);
  }
  EXPECT_GT(lost, pieces / 2) << "what is kept for somebody who does not read is bounded";
}

TEST_F(ConsoleSocket, DropsWhoeverReadsNothing) {
  Client silent(loop, path);
  silent.say(R"({"verb":"trace"})");
  run_until([this] { return listening() == 1; });
  for (int i = 0; i < 4000; ++i) {
    pass(100);
    loop.poll();
  }
  run_until([this] { return listening() == 0; });
}

TEST_F(ConsoleSocket, TwoMayTrace) {
  Client clients[] = {{loop, path}, {loop, path}, {loop, path}};
  for (Client& client : clients) client.say(R"({"verb":"trace"})");
  run_until([this] { return listening() == 2; });
  EXPECT_EQ(clients[2].next(loop)["refused"]["kind"], "busy");
  clients[0].say("enough");
  EXPECT_TRUE(clients[0].next(loop)["ok"]);
  clients[2].say(R"({"verb":"trace","seconds":0.01})");
  EXPECT_TRUE(clients[2].next(loop)["ok"]) << "ends by itself";
}

TEST_F(ConsoleSocket, WhoeverGoesIsForgotten) {
  {
    Client client(loop, path);
    client.say(R"({"verb":"trace"})");
    run_until([this] { return listening() == 1; });
  }
  run_until([this] { return listening() == 0; });
}

TEST_F(ConsoleSocket, AnotherRequestHearsOnlyIfItAsksTo) {
  Client client(loop, path);
  client.say(R"({"verb":"identify"})");
  EXPECT_TRUE(client.next(loop)["ok"]);
  EXPECT_TRUE(listeners.empty());
  client.say(R"({"verb":"identify","trace":true})");
  EXPECT_TRUE(client.next(loop)["ok"]);
  EXPECT_EQ(listeners.size(), 1U);
  EXPECT_EQ(listening(), 0U);
}

}  // namespace
}  // namespace bms::console
