// The connection with one board: getting it, noticing that it has gone, and what passes over it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bluetooth/bluez.hpp"
#include "bluetooth/board_search.hpp"
#include "bluetooth/endurance.hpp"
#include "bluetooth/module_noise.hpp"
#include "bluetooth/named_board.hpp"
#include "bluetooth/news.hpp"
#include "bluetooth/recovery.hpp"
#include "bluetooth/route.hpp"
#include "bms/error.hpp"

namespace bms::bluetooth {

/// Who follows a connection.
struct ConnectionListener {
  std::function<void()> alive{};                ///< it waits, and will wait on; at least every few seconds
  std::function<void(Bytes piece)> on_piece{};  ///< what the board sends, without what its module adds
  std::function<void()> on_lost{};
};

/// Touches no other device than this one. The board is disconnected at the end only if it was connected here; before
/// that, however, also where what there is of a connection cannot be used.
class BoardConnection {
 public:
  BoardConnection(boost::asio::io_context& loop, Bluez& bluez, NamedBoard board, ConnectionListener listener);
  ~BoardConnection();
  BoardConnection(const BoardConnection&) = delete;
  BoardConnection& operator=(const BoardConnection&) = delete;

  /// One attempt to get a connection that can be used, after the pause that the last failure has asked for. One that
  /// there is already is given up for a new one. Takes up to two minutes when the board is not there. Errors:
  /// ErrorKind::link, with the board's address and what is in the way.
  boost::asio::awaitable<Result<void>> establish();

  [[nodiscard]] bool usable() const { return usable_; }

  /// Why it is not, or what was in the way of the last attempt.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

  /// Sends all of it, in pieces that fit. Errors: ErrorKind::link; the connection is gone.
  boost::asio::awaitable<Result<void>> write(Bytes bytes);

  /// Leaves the board to others for so long, however far the connection is, and takes it back then; 0: takes it back
  /// now. Whoever is in establish() waits there meanwhile.
  void release(Clock::duration time);

  [[nodiscard]] LinkQuality quality() const;

 private:
  /// What an attempt needs, as far as it is there.
  struct Situation {
    bool adapter = false, device = false, paired = false;
  };

  // The steps of an attempt.
  boost::asio::awaitable<void> await_return();
  boost::asio::awaitable<void> pause();
  boost::asio::awaitable<Step> attempt();
  boost::asio::awaitable<void> hang_up();
  boost::asio::awaitable<Step> connect();
  boost::asio::awaitable<Step> await_connection(Clock::duration time);
  boost::asio::awaitable<Step> find_route();
  boost::asio::awaitable<Step> subscribe();
  boost::asio::awaitable<Step> log_in();
  boost::asio::awaitable<Step> send(Bytes bytes);

  [[nodiscard]] Situation situation() const;
  [[nodiscard]] Bluez::Answered expect_answer();
  [[nodiscard]] std::unexpected<Setback> setback(Call call, const CallError& error, TimePoint asked_at) const;
  [[nodiscard]] const DeviceObject* device() const { return search_.device(); }
  [[nodiscard]] bool connected() const { return search_.connected(); }
  [[nodiscard]] bool released() const { return Clock::now() < released_until_; }
  void take_news();
  void take_piece(Bytes piece);
  void lose(const std::string& why);
  void take_setback(const Setback& setback);
  void choose_write_type();

  Bluez& bluez_;
  NamedBoard board_;
  ConnectionListener listener_;
  News news_;
  BoardSearch search_;
  Listening following_;
  // What is under way is kept here and not in the coroutines, which may go after BlueZ's connection has.
  bus::Pending call_, question_;
  std::optional<CallError> answer_;  ///< to the call
  Route route_;
  std::size_t piece_size_;
  bus::Pending listening_;
  Recovery recovery_;
  NextAttempt next_;
  Situation missed_;  ///< as it was when the last attempt failed
  Endurance endurance_;
  TimePoint released_until_{};
  std::string trouble_ = "it is not connected";
  std::string_view blame_;  ///< what is wrong with the adapter, if anything is
  bool usable_ = false;
  bool ours_ = false;           ///< the connection was made here
  bool with_response_ = false;  ///< the type of writes
  ModuleNoise noise_;
  std::unique_ptr<ModuleLogin> login_;  ///< while it is under way
  int unanswered_ = 0;                  ///< questions in a row
  bool mute_ = false;                   ///< the last connection was of no use, since nothing was answered
};

}  // namespace bms::bluetooth
