#include "link/reached_board.hpp"

#include <nlohmann/json.hpp>

namespace bms::link {

nlohmann::ordered_json to_json(const ReachedBoard& board) {
  nlohmann::ordered_json json{{"bms", board.family}, {"dialect", board.dialect}};
  if (board.baud != 0) json["baud"] = board.baud;
  json["address"] = board.address;
  return json;
}

std::optional<ReachedBoard> reached_board_from(const nlohmann::json& json) {
  try {
    return ReachedBoard{.family = json.at("bms").get<std::string>(),
                        .dialect = json.at("dialect").get<std::string>(),
                        .baud = json.value("baud", 0U),
                        .address = json.at("address").get<unsigned>()};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace bms::link
