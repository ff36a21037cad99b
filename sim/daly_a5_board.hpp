// A Daly board with 13-byte frames, classic or newer firmware, asked over a wire or as by its Bluetooth module.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "daly_board.hpp"

namespace bms::sim {

class DalyA5Board final : public DalyBoard {
 public:
  using DalyBoard::DalyBoard;

  std::optional<Answer> receive(std::uint8_t byte) override;

 private:
  using Data = std::array<std::uint8_t, 8>;

  [[nodiscard]] bool answers_to(std::uint8_t host) const;
  [[nodiscard]] std::vector<Data> answer_to(std::uint8_t host, std::uint8_t command, const Data& request);
  [[nodiscard]] std::vector<Data> live(std::uint8_t host, std::uint8_t command);
  [[nodiscard]] std::vector<Data> parameter(std::uint8_t command);
  [[nodiscard]] std::vector<Data> order(std::uint8_t command, const Data& request);

  [[nodiscard]] Data pack_state();
  [[nodiscard]] Data cell_range();
  [[nodiscard]] Data temperature_range();
  [[nodiscard]] Data fets();
  [[nodiscard]] Data status();
  [[nodiscard]] Data balancer();
  [[nodiscard]] Data failure_bytes();
  [[nodiscard]] std::vector<Data> cells(bool all_frames);
  [[nodiscard]] std::vector<Data> temperatures();
  [[nodiscard]] static std::vector<Data> text(const std::string& text, std::size_t frames);

  /// What the next answer is built in: the last one, where firmware does not clear it.
  [[nodiscard]] Data& buffer();

  Data buffer_{};
  std::uint8_t heartbeat_ = 0;
};

}  // namespace bms::sim
