#include "link/reached_board.hpp"

namespace bms::link {

nlohmann::ordered_json to_json(const ReachedBoard& board) {
  return {{"bms", board.family}, {"dialect", board.dialect}, {"baud", board.baud}, {"address", board.address}};
}

std::optional<ReachedBoard> reached_board_from(const nlohmann::json& json) {
  try {
    return ReachedBoard{.family = json.at("bms").get<std::string>(),
                        .dialect = json.at("dialect").get<std::string>(),
                        .baud = json.at("baud").get<unsigned>(),
                        .address = json.at("address").get<unsigned>()};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace bms::link
