// A board of JBD's UP series: one pack of up to sixteen that share a line. Written from descriptions and captures of
// the protocol alone and on purpose without a line of the driver's own code, so that the two can disagree.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "board.hpp"
#include "jbd_board.hpp"
#include "jbd_up_faults.hpp"
#include "pack.hpp"

namespace bms::sim {

struct JbdUpOptions {
  unsigned address = 1;  ///< 1 is the master
  unsigned packs = 1;    ///< on the line
  bool on_port = true;   ///< the driver's cable is plugged into this one; behind another it answers its status alone
  bool plain_too = false;
  bool old_firmware = false;  ///< 10.2: a shorter status, and fewer blocks
  std::string serial;         ///< "UP16S020" and digits; made from the seed if empty
  std::uint64_t seed = 1;
};

class JbdUpBoard final : public Board {
 public:
  /// The pack must outlive the board.
  JbdUpBoard(Pack& pack, const JbdUpOptions& options);

  std::optional<Answer> receive(std::uint8_t byte) override;
  void line_idle() override;
  Outcome<Action> compile(std::span<const std::string> words) override;
  [[nodiscard]] static Commands<JbdUpBoard> commands();
  nlohmann::json state() const override;

 private:
  using Words = std::span<const std::string>;
  [[nodiscard]] std::optional<Action> understand_protect(Words words);
  [[nodiscard]] std::optional<Action> understand_warn(Words words);
  [[nodiscard]] std::optional<Action> understand_heater(Words words);
  [[nodiscard]] std::optional<Action> understand_limit(Words words);
  [[nodiscard]] std::optional<Action> understand_misreport(Words words);

  using Payload = std::vector<std::uint8_t>;

  struct Question {
    unsigned function, first, last;
    std::span<const std::uint8_t> payload;
  };

  [[nodiscard]] std::optional<Answer> answer(std::span<const std::uint8_t> frame);
  [[nodiscard]] std::optional<Payload> reply_to(const Question& question, std::span<const std::uint8_t> frame);
  [[nodiscard]] bool write(unsigned first, std::span<const std::uint8_t> payload, std::span<const std::uint8_t> frame);

  // The blocks.
  [[nodiscard]] Payload pack_status();
  void put_cells_and_temperatures(Payload& to) const;
  void put_extremes(Payload& to) const;
  void put_end_of_status(Payload& to) const;
  [[nodiscard]] Payload own_status() const;
  [[nodiscard]] Payload board_info() const;
  [[nodiscard]] Payload counters() const;
  [[nodiscard]] Payload product() const;

  // What it measures, in counts of the wire.
  [[nodiscard]] unsigned cell_mv(std::size_t cell) const;
  [[nodiscard]] unsigned voltage_10mv() const;
  [[nodiscard]] long current_10ma() const;
  [[nodiscard]] unsigned soc_counts() const;
  [[nodiscard]] long temperature_100mk(std::size_t sensor) const;
  [[nodiscard]] std::size_t extreme_cell(bool highest) const;
  [[nodiscard]] std::size_t extreme_sensor(bool highest) const;
  [[nodiscard]] unsigned balancing() const;

  [[nodiscard]] bool is_master() const { return options_.address == 1; }
  [[nodiscard]] unsigned packs_told() const { return is_master() ? options_.packs : 1; }
  [[nodiscard]] bool charge_fet() const;
  [[nodiscard]] bool discharge_fet() const;
  [[nodiscard]] unsigned switches() const;
  void update_gate() { pack_.gate(charge_fet(), discharge_fet()); }

  Pack& pack_;
  JbdUpOptions options_;
  std::optional<JbdBoard> plain_;
  std::vector<std::uint8_t> heard_;
  std::bitset<32> faults_, warnings_;
  bool charge_switch_ = true, discharge_switch_ = true, heater_ = false;
  double charge_limit_a_ = 100, discharge_limit_a_ = 100;
  std::optional<double> reported_voltage_v_;
  unsigned polls_ = 0;
  nlohmann::json writes_ = nlohmann::json::array();
};

}  // namespace bms::sim
