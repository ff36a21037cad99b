// The way to the broker, against a library that does what libmosquitto does at its worst.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "bms/timer.hpp"
#include "mqtt/client.hpp"
#include "mqtt/library.hpp"
#include "mqtt/watched_socket.hpp"

namespace bms::mqtt {
namespace {

using namespace std::chrono_literals;

/// What the library that is put in its place knows; one at a time.
struct Fake {
  std::atomic<int> connections = 0;
  std::array<int, 2> sockets{-1, -1};  ///< ours, and the broker's end
  bool greets = true;
  bool wants_to_write = false;
  int publish_error = MOSQ_ERR_SUCCESS;
  bool acknowledges = true;
  int writes = 0;
  std::vector<std::string> published;
  std::function<void()> on_connecting;  ///< in the thread
  std::function<void()> on_reading;
  void* object = nullptr;
  void (*connected)(mosquitto*, void*, int) = nullptr;
  void (*acknowledged)(mosquitto*, void*, int) = nullptr;

  void close() {
    for (int& socket : sockets) {
      if (socket >= 0) ::close(socket);
      socket = -1;
    }
  }
  void open() {
    close();
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets.data()), 0);
  }
  /// Something comes.
  void ring() const { ASSERT_EQ(::write(sockets[1], "x", 1), 1); }
};
Fake* fake = nullptr;

Library fake_library() {
  Library library;
  library.create = [](const char*, bool, void* object) {
    fake->object = object;
    return reinterpret_cast<mosquitto*>(fake);
  };
  library.destroy = [](mosquitto*) { fake->close(); };
  library.int_option = [](mosquitto*, mosq_opt_t, int) { return int{MOSQ_ERR_SUCCESS}; };
  library.will_set = [](mosquitto*, const char*, int, const void*, int, bool) { return int{MOSQ_ERR_SUCCESS}; };
  library.username_pw_set = [](mosquitto*, const char*, const char*) { return int{MOSQ_ERR_SUCCESS}; };
  library.property_add_int32 = [](mosquitto_property**, int, std::uint32_t) { return int{MOSQ_ERR_SUCCESS}; };
  library.property_free_all = [](mosquitto_property**) {};
  library.connect_bind = [](mosquitto*, const char*, int, int, const char*, const mosquitto_property*) {
    if (fake->on_connecting) fake->on_connecting();
    fake->open();
    ++fake->connections;
    if (fake->greets) fake->ring();
    return int{MOSQ_ERR_SUCCESS};
  };
  library.disconnect = [](mosquitto*) { return int{MOSQ_ERR_SUCCESS}; };
  library.publish = [](mosquitto*, int*, const char* topic, int, const void*, int, bool) {
    if (fake->publish_error != MOSQ_ERR_SUCCESS) return fake->publish_error;
    fake->published.emplace_back(topic);
    if (fake->acknowledges) fake->acknowledged(nullptr, fake->object, 0);
    return int{MOSQ_ERR_SUCCESS};
  };
  library.subscribe = [](mosquitto*, int*, const char*, int) { return int{MOSQ_ERR_SUCCESS}; };
  library.loop_read = [](mosquitto*, int) {
    char byte = 0;
    if (::read(fake->sockets[0], &byte, 1) == 1 && fake->greets) fake->connected(nullptr, fake->object, 0);
    if (fake->on_reading) std::exchange(fake->on_reading, {})();
    return int{MOSQ_ERR_SUCCESS};
  };
  library.loop_write = [](mosquitto*, int) {
    ++fake->writes;
    return int{MOSQ_ERR_SUCCESS};
  };
  library.loop_misc = [](mosquitto*) { return int{MOSQ_ERR_SUCCESS}; };
  library.socket = [](mosquitto*) { return fake->sockets[0]; };
  library.want_write = [](mosquitto*) { return fake->wants_to_write; };
  library.connect_callback_set = [](mosquitto*, void (*what)(mosquitto*, void*, int)) { fake->connected = what; };
  library.disconnect_callback_set = [](mosquitto*, void (*)(mosquitto*, void*, int)) {};
  library.publish_callback_set = [](mosquitto*, void (*what)(mosquitto*, void*, int)) { fake->acknowledged = what; };
  library.message_callback_set = [](mosquitto*, void (*)(mosquitto*, void*, const mosquitto_message*)) {};
  library.log_callback_set = [](mosquitto*, void (*)(mosquitto*, void*, int, const char*)) {};
  library.strerror = [](int) -> const char* { return "no"; };
  return library;
}

class MqttClient : public testing::Test, private Listener {
 protected:
  MqttClient() {
    fake = &fake_;
    client_.add(*this);
  }
  ~MqttClient() override {
    client_.stop();
    fake_.close();
  }

  /// Runs the loop until something holds; the limit only ends a test that has failed.
  void run_until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!holds() && std::chrono::steady_clock::now() < end) {
      loop_.restart();
      loop_.run_for(20ms);
    }
    ASSERT_TRUE(holds());
  }
  void connect() {
    client_.start();
    run_until([this] { return client_.connected(); });
  }

  int greeted_ = 0, rooms_ = 0;
  Fake fake_;
  boost::asio::io_context loop_{1};
  Client client_{loop_, fake_library(), Config{.host = "broker"}, "host-port"};

 private:
  void on_connected() override { ++greeted_; }
  void on_room() override { ++rooms_; }
  void on_message(const Message&) override {}
};

TEST_F(MqttClient, IsConnectedWhenTheBrokerHasGreeted) {
  EXPECT_FALSE(client_.publish("a", "b", Retain::no));
  connect();
  EXPECT_EQ(greeted_, 1);
  EXPECT_EQ(fake_.published, std::vector<std::string>{"dbus-bms/host-port/status"});
  EXPECT_TRUE(client_.publish("a", "b", Retain::no));
}

// A name server that does not answer holds up libmosquitto, and nobody else.
TEST_F(MqttClient, ALookUpThatHangsHoldsUpNobody) {
  std::mutex mutex;
  std::condition_variable released;
  bool release = false;
  fake_.on_connecting = [&] {
    std::unique_lock lock(mutex);
    released.wait(lock, [&] { return release; });
  };
  client_.start();
  int polls = 0;
  Timer poll(loop_);
  std::function<void()> next = [&] {
    if (++polls < 10) poll.after(1ms, next);
  };
  next();
  run_until([&] { return polls == 10; });
  EXPECT_EQ(fake_.connections, 0) << "it still hangs";
  EXPECT_FALSE(client_.publish("a", "b", Retain::yes)) << "nothing is kept for later";
  {
    const std::scoped_lock lock(mutex);
    release = true;
  }
  released.notify_all();
  run_until([this] { return client_.connected(); });
  EXPECT_EQ(fake_.published, std::vector<std::string>{"dbus-bms/host-port/status"});
}

// The thread that looks up outlives whoever asked for it.
TEST(MqttDial, MayBeGivenUpAtAnyTime) {
  Fake state;
  fake = &state;
  std::mutex mutex;
  std::condition_variable changed;
  bool release = false, ended = false;
  state.on_connecting = [&] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return release; });
  };
  Library library = fake_library();
  static std::function<void()> on_destroyed;
  on_destroyed = [&] {
    const std::scoped_lock lock(mutex);
    ended = true;
    changed.notify_all();
  };
  library.destroy = [](mosquitto*) { on_destroyed(); };
  {
    boost::asio::io_context loop{1};
    const Config config{.host = "broker"};
    Dial dial(loop, std::make_unique<Session>(library, config, "id", "", Will{}, 5), config,
              [](std::unique_ptr<Session>, const Failure&) { FAIL() << "nobody waits for it any more"; });
  }
  std::unique_lock lock(mutex);
  release = true;
  changed.notify_all();
  EXPECT_TRUE(changed.wait_for(lock, 30s, [&] { return ended; }));
  lock.unlock();
  state.close();
}

// In the middle of a TLS handshake the library wants to write for ever, although it waits for the other side.
TEST_F(MqttClient, DoesNotSpinWhileTheLibraryWantsToWriteAndDoesNot) {
  fake_.greets = false;
  fake_.wants_to_write = true;
  client_.start();
  run_until([this] { return fake_.writes > 2; });
  const int writes = fake_.writes;
  // As many turns of the loop as a spinning one takes in no time.
  int turns = 0;
  std::function<void()> turn = [&] {
    if (++turns < 5000) boost::asio::post(loop_, turn);
  };
  turn();
  const auto begin = std::chrono::steady_clock::now();
  run_until([&] { return turns == 5000; });
  const auto pauses = (std::chrono::steady_clock::now() - begin) / 50ms;
  EXPECT_LE(fake_.writes - writes, pauses + 2) << "one in each pause";
}

// It closes its socket and opens another one behind our back, and the old number is somebody else's by then.
TEST_F(MqttClient, FollowsASocketThatWasSwapped) {
  connect();
  int others = -1;
  fake_.on_reading = [&] {
    fake_.close();
    others = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    fake_.open();
  };
  fake_.ring();
  run_until([&] { return others >= 0; });
  bool heard = false;
  fake_.on_reading = [&] { heard = true; };
  fake_.ring();
  run_until([&] { return heard; });
  ::close(others);
}

TEST(MqttWatchedSocket, KnowsANewSocketWithAnOldNumber) {
  boost::asio::io_context loop{1};
  std::array<int, 2> pair{};
  int heard = 0;
  WatchedSocket watched(loop, {.readable = [&] { ++heard; }, .writable = [] {}});
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  watched.follow(pair[0], false);
  const std::array<int, 2> before = pair;
  ::close(pair[0]);
  ::close(pair[1]);
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  ASSERT_EQ(pair, before) << "the numbers are given again";
  watched.follow(pair[0], false);
  ASSERT_EQ(::write(pair[1], "x", 1), 1);
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (heard == 0 && std::chrono::steady_clock::now() < end) loop.run_one_for(1s);
  EXPECT_EQ(heard, 1);
  watched.follow(std::nullopt, false);
  ::close(pair[0]);
  ::close(pair[1]);
}

// What the broker does not acknowledge the library would keep without bound.
TEST_F(MqttClient, HandsOverNoMoreThanTheBrokerAcknowledges) {
  fake_.acknowledges = false;
  connect();
  int taken = 0;
  while (client_.publish("a", "b", Retain::yes)) ASSERT_LT(++taken, 100);
  EXPECT_GT(taken, 5);
  EXPECT_EQ(rooms_, 0);
  fake_.acknowledged(nullptr, fake_.object, 0);
  fake_.ring();
  run_until([this] { return rooms_ > 0; });
  EXPECT_TRUE(client_.publish("a", "b", Retain::yes));
}

TEST_F(MqttClient, HandsOverNothingWhileTheSocketTakesNothing) {
  connect();
  fake_.wants_to_write = true;
  EXPECT_FALSE(client_.publish("a", "b", Retain::no));
  EXPECT_FALSE(client_.publish("a", "b", Retain::no));
  EXPECT_EQ(fake_.published.size(), 1) << "only that it is there";
}

TEST_F(MqttClient, ConnectsAgainWithANewSessionAndNothingOfTheOldOne) {
  connect();
  fake_.publish_error = MOSQ_ERR_NO_CONN;
  EXPECT_FALSE(client_.publish("lost", "b", Retain::yes));
  fake_.publish_error = MOSQ_ERR_SUCCESS;
  run_until([this] { return !client_.connected(); });
  run_until([this] { return client_.connected(); });
  EXPECT_EQ(fake_.connections, 2);
  EXPECT_EQ(greeted_, 2);
  EXPECT_EQ(fake_.published, (std::vector<std::string>{"dbus-bms/host-port/status", "dbus-bms/host-port/status"}));
}

TEST_F(MqttClient, GivesEachNameOnce) {
  EXPECT_TRUE(client_.claim("jbd_1"));
  EXPECT_FALSE(client_.claim("jbd_1"));
  client_.release("jbd_1");
  EXPECT_TRUE(client_.claim("jbd_1"));
}

TEST(MqttLibrary, SaysWhichPackageIsMissing) {
  const auto missing = load_library("libmosquitto.so.1.is.not.here");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().find("the package libmosquitto1 has it"), std::string::npos);
  const auto other = load_library("libc.so.6");
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().find("has no mosquitto_new"), std::string::npos);
  EXPECT_TRUE(load_library());
}

}  // namespace
}  // namespace bms::mqtt
