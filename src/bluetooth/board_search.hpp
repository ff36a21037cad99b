// Finding a board: by which adapter, whether BlueZ knows it, and whether it can be heard at all.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "bluetooth/bluez.hpp"
#include "bluetooth/named_board.hpp"
#include "bluetooth/news.hpp"
#include "bluetooth/recovery.hpp"

namespace bms::bluetooth {

class BoardSearch {
 public:
  /// All of these outlive it.
  BoardSearch(Bluez& bluez, const NamedBoard& board, News& news);

  /// Waits for an adapter that can be used; the board's device there is looked at from then on.
  boost::asio::awaitable<Step> find_adapter();

  /// Sees to it that BlueZ knows the board, after what the last failure has asked for. A board that it knows needs no
  /// scan. It gets a short one all the same when nothing was heard of it for long, to tell one that is away from an
  /// adapter that does not work.
  boost::asio::awaitable<Step> find_device(const NextAttempt& next);

  /// Ends the connection, if there is one, and waits until it has.
  boost::asio::awaitable<void> hang_up();

  /// Why no adapter can be used, in words; empty: one can.
  [[nodiscard]] std::string why_no_adapter() const;

  /// Why there is no connection any more, in words; empty: there is one.
  [[nodiscard]] std::string why_lost() const;

  /// The board as BlueZ knows it; nullptr: it does not.
  [[nodiscard]] const DeviceObject* device() const { return bluez_.objects().device(device_); }
  [[nodiscard]] const std::string& device_path() const { return device_; }
  [[nodiscard]] bool connected() const;

  /// Whether the last look has shown that the board is near, since it was last read.
  [[nodiscard]] bool advertises() const { return advertises_; }
  void forget_last_look() { advertises_ = false; }

 private:
  boost::asio::awaitable<void> start_over();
  boost::asio::awaitable<std::string> scan();

  Bluez& bluez_;
  const NamedBoard& board_;
  News& news_;
  // What is under way is kept here and not in the coroutine, which may go after BlueZ's connection has.
  std::shared_ptr<Discovery> discovery_;
  std::string adapter_, device_;  ///< paths, as of the newest attempt
  bool advertises_ = false;
};

}  // namespace bms::bluetooth
