// S9 without a bus: who is answered, what is let in, how often something is done.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "bms/paced.hpp"
#include "bms/utf8.hpp"
#include "bus/bus_socket.hpp"
#include "bus/client_credit.hpp"

namespace bms::bus {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t an_answer = 20'000;
constexpr auto never_reads = ":1.7";

class Credits : public testing::Test {
 protected:
  /// How many of so many calls were answered, refused, and passed over in silence.
  std::array<int, 3> calls(const std::string& client, int number) {
    std::array<int, 3> outcomes{};
    for (int i = 0; i < number; ++i) {
      const Credit credit = credit_.of(client, now_);
      ++outcomes[static_cast<std::size_t>(credit)];
      if (credit == Credit::answer) credit_.charge(client, an_answer, now_);
      if (credit == Credit::refusal) credit_.charge(client, 200, now_);
    }
    return outcomes;
  }

  ClientCredit credit_;
  Clock::time_point now_ = Clock::time_point{} + 1h;
};

TEST_F(Credits, WhoDoesNotReadIsAnsweredThenRefusedThenLeftAlone) {
  const auto [answered, refused, left_alone] = calls(never_reads, 30'000);
  EXPECT_EQ(answered, 27);
  EXPECT_GT(refused, 100);
  EXPECT_LT(refused, 400);
  EXPECT_EQ(answered + refused + left_alone, 30'000);
}

TEST_F(Credits, OneClientTakesNothingFromAnother) {
  calls(never_reads, 1000);
  EXPECT_EQ(calls(":1.8", 10)[0], 10);
}

TEST_F(Credits, WhoShowsThatItReadsIsServedForEver) {
  for (int round = 0; round < 100; ++round) {
    EXPECT_EQ(calls(":1.8", 10)[0], 10) << round;
    if (credit_.must_be_asked(":1.8", now_)) credit_.has_read(":1.8");
  }
}

TEST_F(Credits, OnlyWhatWasSentBeforeTheQuestionHasBeenRead) {
  calls(never_reads, 10);
  ASSERT_TRUE(credit_.must_be_asked(never_reads, now_));
  EXPECT_FALSE(credit_.must_be_asked(never_reads, now_)) << "once";
  EXPECT_EQ(calls(never_reads, 100)[0], 17);
  credit_.has_read(never_reads);
  EXPECT_EQ(calls(never_reads, 100)[0], 9) << "the other seventeen may still lie there";
}

TEST_F(Credits, AnAnswerToNoQuestionProvesNothing) {
  calls(never_reads, 1000);
  credit_.has_read(never_reads);
  EXPECT_EQ(calls(never_reads, 1)[0], 0);
}

TEST_F(Credits, TimePaysDebtsSlowly) {
  calls(never_reads, 1000);
  now_ += 5s;
  EXPECT_LT(calls(never_reads, 100)[0], 10);
  now_ += 10min;
  EXPECT_EQ(calls(never_reads, 10)[0], 10);
}

TEST_F(Credits, ManyWhoDoNotReadGetNoMoreThanOne) {
  for (std::size_t i = 0; i < ClientCredit::most_clients; ++i) calls(":1." + std::to_string(100 + i), 100);
  EXPECT_EQ(credit_.clients_in_debt(), ClientCredit::most_clients);
  EXPECT_EQ(calls(":1.9", 10)[2], 10) << "there is no room for it";
  int answered = 0;
  for (int second = 0; second < 60; ++second) {
    now_ += 1s;
    for (std::size_t i = 0; i < ClientCredit::most_clients; ++i)
      answered += calls(":1." + std::to_string(100 + i), 100)[0];
  }
  EXPECT_LT(answered, 60 * 2 + 100) << "32 kB in a second, whoever asks";
}

TEST_F(Credits, AreForgottenWhenTheyArePaid) {
  calls(never_reads, 1);
  EXPECT_EQ(credit_.clients_in_debt(), 1U);
  now_ += 2s;
  EXPECT_EQ(credit_.of(":1.8", now_), Credit::answer);
  EXPECT_EQ(credit_.clients_in_debt(), 0U);
}

/// A socket as the bus has it, and a reader that takes a message at a time, as libsystemd does.
class Inlet : public testing::Test {
 protected:
  Inlet() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()), 0);
    socket_.emplace(ends_[0]);
  }
  ~Inlet() override {
    for (const int end : ends_) close(end);
  }
  Inlet(const Inlet&) = delete;
  Inlet& operator=(const Inlet&) = delete;

  static std::string message(std::size_t body, char filling) {
    std::string bytes{'l', 4, 0, 1};
    for (const std::size_t number : {body, std::size_t{1}, std::size_t{0}}) {
      for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((number >> shift) & 0xFFU);
    }
    return bytes + std::string(body, filling);
  }

  /// Sends what the socket takes, lets the reader read, and so on.
  void pass(std::string bytes, std::size_t at_a_time = 100'000) {
    while (!bytes.empty()) {
      const ssize_t sent = send(ends_[1], bytes.data(), std::min(bytes.size(), at_a_time), 0);
      if (sent > 0) bytes.erase(0, static_cast<std::size_t>(sent));
      read_all();
    }
    read_all();
  }

  void read_all() {
    for (int turn = 0; turn < 1000 && socket_->look() == BusSocket::Input::message; ++turn) {
      const bool done = read_one();
      socket_->note_read();
      if (!done) return;
    }
  }

  /// As libsystemd: the fixed part, then exactly what is missing; true when there is a whole message.
  bool read_one() {
    for (;;) {
      const std::size_t need = partial_.size() < 16 ? 16 : 16 + body_of(partial_);
      if (partial_.size() == need) {
        read_.push_back({partial_.size() - 16, partial_.size() > 16 ? partial_.back() : '-'});
        partial_.clear();
        return true;
      }
      std::string more(need - partial_.size(), 0);
      const ssize_t got = recv(ends_[0], more.data(), more.size(), MSG_DONTWAIT);
      if (got <= 0) return false;
      partial_ += more.substr(0, static_cast<std::size_t>(got));
    }
  }

  static std::size_t body_of(const std::string& header) {
    std::size_t size = 0;
    for (unsigned i = 0; i < 4; ++i) size |= std::size_t{static_cast<unsigned char>(header[4 + i])} << (8 * i);
    return size;
  }

  struct Read {
    std::size_t size;
    char last;
    bool operator==(const Read&) const = default;
  };

  std::array<int, 2> ends_{};
  std::optional<BusSocket> socket_;
  std::string partial_;
  std::vector<Read> read_;
};

TEST_F(Inlet, LetsInWhatIsOfSize) {
  pass(message(0, 'a') + message(10, 'b') + message(1'000'000, 'c') + message(3, 'd'));
  EXPECT_THAT(read_, testing::ElementsAre(Read{0, '-'}, Read{10, 'b'}, Read{1'000'000, 'c'}, Read{3, 'd'}));
  EXPECT_EQ(socket_->refused(), 0U);
}

TEST_F(Inlet, ThrowsAwayWhatIsNot) {
  pass(message(10, 'a') + message(5'000'000, 'b') + message(3'000'000, 'c') + message(20, 'd'));
  EXPECT_THAT(read_, testing::ElementsAre(Read{10, 'a'}, Read{20, 'd'}));
  EXPECT_EQ(socket_->refused(), 2U);
}

TEST_F(Inlet, DoesSoHoweverItComesInPieces) {
  const std::string bytes = message(10, 'a') + message(2'100'000, 'b') + message(40, 'c') + message(70'000, 'd');
  for (const std::size_t at_a_time : {1UL, 7UL, 15UL, 17UL, 4096UL}) {
    read_.clear();
    // Byte by byte only where it matters.
    pass(bytes.substr(0, 60), at_a_time);
    pass(bytes.substr(60, 2'100'000));
    pass(bytes.substr(2'100'060), at_a_time);
    EXPECT_THAT(read_, testing::ElementsAre(Read{10, 'a'}, Read{40, 'c'}, Read{70'000, 'd'})) << at_a_time;
  }
}

TEST_F(Inlet, IsNotConfusedByABlockingCall) {
  const std::string first = message(100, 'a');
  pass(first.substr(0, 50));
  ASSERT_TRUE(partial_.size() == 50);
  socket_->prepare_blocking_call();
  ASSERT_EQ(send(ends_[1], first.data() + 50, first.size() - 50, 0), 66);
  const std::string answer = message(30, 'c');
  ASSERT_EQ(send(ends_[1], answer.data(), answer.size(), 0), 46);
  EXPECT_TRUE(read_one() && read_one());
  socket_->note_blocking_call(true);
  pass(message(3'000'000, 'd') + message(7, 'e'));
  EXPECT_THAT(read_, testing::ElementsAre(Read{100, 'a'}, Read{30, 'c'}, Read{7, 'e'}));
}

TEST_F(Inlet, LetsEverythingInWhenItHasLostTrack) {
  pass(message(10, 'a'));
  socket_->note_blocking_call(false);
  pass(message(3'000'000, 'b'));
  EXPECT_THAT(read_, testing::ElementsAre(Read{10, 'a'}, Read{3'000'000, 'b'}));
}

TEST_F(Inlet, KnowsWhatTheOtherEndHasNotRead) {
  EXPECT_TRUE(socket_->all_taken());
  ASSERT_EQ(send(ends_[0], "limit", 5, 0), 5);
  EXPECT_FALSE(socket_->all_taken());
  std::array<char, 10> bytes{};
  ASSERT_EQ(recv(ends_[1], bytes.data(), 3, 0), 3);
  EXPECT_FALSE(socket_->all_taken());
  ASSERT_EQ(recv(ends_[1], bytes.data(), 3, 0), 2);
  EXPECT_TRUE(socket_->all_taken());
}

TEST_F(Inlet, SeesTheEnd) {
  pass(message(10, 'a') + message(5'000'000, 'b').substr(0, 1000));
  shutdown(ends_[1], SHUT_RDWR);
  EXPECT_EQ(socket_->look(), BusSocket::Input::message) << "libsystemd is to see it";
}

TEST(PacedAction, HappensAtOnceAndThenAtItsPace) {
  boost::asio::io_context loop;
  int times = 0;
  Paced paced{loop, 3, 20ms, [&] { ++times; }};
  for (int i = 0; i < 1000; ++i) paced.ask();
  EXPECT_EQ(times, 3);
  loop.run();  // until nobody waits any more
  EXPECT_EQ(times, 4) << "what was asked for meanwhile is done once";
}

TEST(CleanText, HasNoControlCharactersOfEitherKind) {
  for (const std::string& bad : {std::string{"\x9b"} + "2J", std::string{"\xC2\x9B"} + "2J", std::string{"\xC2\x80"},
                                 std::string{"\x7f"}, std::string{"\x1b[2J"}}) {
    EXPECT_FALSE(is_clean_text(bad));
    EXPECT_TRUE(is_clean_text(clean_text(bad)));
  }
  EXPECT_TRUE(
      is_clean_text("\xC2\xA0K\xC3\xBC"
                    "che"));
}

TEST(CleanText, IsCutBetweenCharacters) {
  EXPECT_EQ(shortened("K\xC3\xBC"
                      "che",
                      10),
            "K\xC3\xBC"
            "che");
  EXPECT_EQ(shortened("K\xC3\xBC"
                      "che",
                      3),
            "K\xC3\xBC");
  EXPECT_EQ(shortened("K\xC3\xBC"
                      "che",
                      2),
            "K");
  EXPECT_EQ(shortened("\xE2\x82\xAC", 2), "");
  EXPECT_EQ(shortened("abc", 0), "");
}

}  // namespace
}  // namespace bms::bus
