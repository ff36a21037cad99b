#include "driver/direct_commands.hpp"

#include <memory>
#include <utility>

namespace bms::driver {

namespace asio = boost::asio;

namespace {

constexpr int attempts_to_leave = 5;

}  // namespace

DirectCommands::DirectCommands(link::Link& line, Protocol& protocol, const std::string& notes, const std::string& place)
    : session_(line),
      protocol_(protocol),
      note_(notes, place, line::mode_open),
      unsaved_note_(notes, place, line::unsaved) {
  if (note_.found()) protocol_.leave_mode();
}

Result<void> DirectCommands::check(const Command& command) {
  if (const auto query = protocol_.command(command); !query) return std::unexpected(query.error());
  return {};
}

asio::awaitable<Result<CommandResult>> DirectCommands::carry_out(Command command, std::string /*what*/,
                                                                 std::string /*who*/, bool /*begun*/) {
  if (stopped_) co_return failure(ErrorKind::expired, "stopped by a signal");
  auto query = protocol_.command(command);
  if (!query) co_return std::unexpected(query.error());
  note_.set(true);
  const std::unique_ptr<Query<CommandResult>> asked = *std::move(query);
  if (auto ran = co_await session_.run(*asked); !ran) co_return std::unexpected(ran.error());
  co_return asked->result();
}

asio::awaitable<Result<Reading>> DirectCommands::poll() {
  Query<Reading>& query = protocol_.poll();
  if (auto ran = co_await session_.run(query); !ran) co_return std::unexpected(ran.error());
  note_.set(protocol_.mode_open());
  co_return query.result();
}

asio::awaitable<void> DirectCommands::leave() {
  for (int attempt = 0; attempt < attempts_to_leave && protocol_.mode_open(); ++attempt) {
    protocol_.leave_mode();
    const auto reading = co_await poll();
    if (!reading && reading.error().kind == ErrorKind::link) break;
  }
  note_.set(protocol_.mode_open());
}

}  // namespace bms::driver
