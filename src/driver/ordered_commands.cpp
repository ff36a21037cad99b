#include "driver/ordered_commands.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>
#include <variant>

namespace bms::driver {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds patience{30};
constexpr std::chrono::seconds longest_settling{5};
constexpr std::chrono::milliseconds look_again{20};

/// An outcome that is waited for.
struct Awaited {
  explicit Awaited(asio::io_context& loop) : timer(loop, asio::steady_timer::time_point::max()) {}

  asio::steady_timer timer;
  std::optional<Result<CommandResult>> outcome;
};

}  // namespace

Result<void> OrderedCommands::check(const Command& command) {
  if (!battery_) return failure(ErrorKind::link, "the battery has left its line");
  if (const auto query = battery_->protocol.command(command); !query) return std::unexpected(query.error());
  return {};
}

asio::awaitable<Result<CommandResult>> OrderedCommands::carry_out(Command command, std::string what, std::string who,
                                                                  bool begun) {
  if (!battery_) co_return failure(ErrorKind::link, "the battery has left its line");
  auto query = battery_->protocol.command(command);
  if (!query) co_return std::unexpected(query.error());
  const auto awaited = std::make_shared<Awaited>(battery_->loop);
  Order order{.what = std::move(what),
              .owner = std::move(who),
              .query = *std::move(query),
              .reads = std::holds_alternative<ReadParameter>(command),
              .begun = begun,
              .deadline = battery_->line.now() + patience,
              .on_outcome = [awaited](const Result<CommandResult>& outcome) {
                awaited->outcome = outcome;
                awaited->timer.cancel();
              }};
  if (auto given = battery_->orders.give(std::move(order)); !given) co_return std::unexpected(given.error());
  if (!awaited->outcome) co_await awaited->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  if (battery_ && awaited->outcome && awaited->outcome->has_value()) battery_->carried_out(command);
  co_return awaited->outcome.value_or(failure(ErrorKind::expired, "the program ends"));
}

void OrderedCommands::end_batch() {
  if (!battery_) return;
  battery_->protocol.leave_mode();
  battery_->poll_soon();
}

asio::awaitable<void> OrderedCommands::settle() {
  if (!battery_) co_return;
  asio::steady_timer timer(battery_->loop);
  // The next poll leaves the mode; nobody tells when it has.
  for (const TimePoint begun = Clock::now(); Clock::now() - begun < longest_settling;) {
    if (!battery_ || !battery_->protocol.mode_open()) co_return;
    timer.expires_after(look_again);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void OrderedCommands::report(const std::string& line, bool changed) {
  if (battery_) battery_->report(line, changed);
}

}  // namespace bms::driver
