// What passes over the connection with a board: its module's password first, then questions in pieces, and what comes.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "bluetooth/board_connection.hpp"

namespace bms::bluetooth {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto traffic_answer_time = 12s;
constexpr auto module_time = 2s;
constexpr int questions_to_doubt_type = 3;

}  // namespace

void BoardConnection::take_piece(Bytes piece) {
  if (login_) {
    login_->hear(piece);
    return news_.tell();
  }
  const Bytes from_board = noise_.sort(piece).board;
  if (from_board.empty()) return;
  unanswered_ = 0;
  mute_ = false;
  recovery_.succeeded();
  blame_ = {};
  if (listener_.on_piece) listener_.on_piece(from_board);
}

/// Modules of some boards let nothing through before that.
asio::awaitable<Step> BoardConnection::log_in() {
  using enum ModuleLogin::State;
  login_ = board_.login();
  if (!login_) co_return Step{};
  Step sent;
  while (login_->state() == asking) {
    const Bytes asks = login_->question();
    const std::vector<std::uint8_t> question(asks.begin(), asks.end());
    sent = co_await send(question);
    if (!sent) break;
    const std::function<bool()> heard = [this, &question] {
      return login_->state() != asking || !std::ranges::equal(login_->question(), question) || !connected();
    };
    const bool answered = co_await news_.wait(heard, module_time);
    if (!answered) login_->timed_out();
  }
  const ModuleLogin::State state = login_->state();
  login_.reset();
  if (!sent) co_return sent;
  if (state == refused)
    co_return std::unexpected(
        Setback{Failure::unpaired,
                "its Bluetooth module refuses the password of the configuration: `password` in the section [battery " +
                    board_.address + "] of config.ini has to be that of the board's app"});
  if (state == lacks_password) {
    co_return std::unexpected(
        Setback{Failure::unpaired,
                "its Bluetooth module wants the password of its app first: write `password = ...` "
                "into the section [battery " +
                    board_.address + "] of config.ini, and start the driver anew"});
  }
  if (state == wants_pairing) {
    const CallError echo{.name = "org.bluez.Error.NotAuthorized", .text = "its module sends back what it is sent"};
    co_return setback(Call::write, echo, Clock::now());
  }
  co_return Step{};
}

/// Some boards, and some of the ways to them, take writes of one type only, whatever they say of themselves.
void BoardConnection::choose_write_type() {
  const bool both = route_.with_response && route_.without_response;
  if (!both || unanswered_ == 0 || unanswered_ % questions_to_doubt_type != 0) return;
  with_response_ = !with_response_;
  if (unanswered_ > questions_to_doubt_type) return;
  spdlog::info("{}: no answer to {} questions; it is written to {} response now", board_.address,
               questions_to_doubt_type, with_response_ ? "with" : "without");
}

/// In pieces that fit; the error says what became of the connection.
asio::awaitable<Step> BoardConnection::send(Bytes bytes) {
  while (!bytes.empty()) {
    const Bytes piece = bytes.first(std::min(bytes.size(), piece_size_));
    call_ = bluez_.write(route_.written, piece, with_response_, expect_answer());
    const std::function<bool()> over = [this] { return answer_ || !connected(); };
    co_await news_.wait(over, traffic_answer_time);
    call_ = {};
    if (!connected()) co_return std::unexpected(Setback{Failure::refused, search_.why_lost()});
    if (!answer_) answer_ = no_answer();
    if (*answer_) co_return setback(Call::write, *answer_, Clock::now());
    bytes = bytes.subspan(piece.size());
  }
  co_return Step{};
}

asio::awaitable<Result<void>> BoardConnection::write(Bytes bytes) {
  choose_write_type();
  ++unanswered_;
  noise_.asked();
  if (usable_) {
    const Step sent = co_await send(bytes);
    if (sent) co_return Result<void>{};
    if (usable_) lose(sent.error().words);
    take_setback(sent.error());
  }
  co_return failure(ErrorKind::link, board_.address + ": " + trouble_);
}

}  // namespace bms::bluetooth
