#include "line/thresholds.hpp"

#include <string>

namespace bms::line {

namespace asio = boost::asio;

namespace {

constexpr double lowest_v = 1.0;
constexpr double highest_v = 5.0;

asio::awaitable<std::optional<double>> read_once(Session& session, Protocol& protocol, std::string_view name) {
  auto query = protocol.command(ReadParameter{std::string(name)});
  if (!query) co_return std::nullopt;
  if (auto ran = co_await session.run(**query); !ran) co_return std::nullopt;
  const auto result = (*query)->result();
  const auto* value = result ? std::get_if<double>(&*result) : nullptr;
  if (value == nullptr || !(*value >= lowest_v && *value <= highest_v)) co_return std::nullopt;
  co_return *value;
}

asio::awaitable<std::optional<double>> read_twice(Session& session, Protocol& protocol, std::string_view name) {
  if (name.empty()) co_return std::nullopt;
  const auto first = co_await read_once(session, protocol, name);
  if (!first) co_return std::nullopt;
  const auto second = co_await read_once(session, protocol, name);
  co_return first == second ? first : std::nullopt;
}

}  // namespace

asio::awaitable<Thresholds> read_thresholds(Session& session, Protocol& protocol, const ThresholdNames& names) {
  Thresholds found;
  found.cell_over_voltage_v = co_await read_twice(session, protocol, names.cell_over_voltage);
  found.cell_under_voltage_v = co_await read_twice(session, protocol, names.cell_under_voltage);
  const bool contradictory = found.cell_over_voltage_v && found.cell_under_voltage_v &&
                             *found.cell_over_voltage_v <= *found.cell_under_voltage_v;
  co_return contradictory ? Thresholds{} : found;
}

}  // namespace bms::line
