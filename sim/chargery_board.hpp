// A Chargery board: three kinds of frames, sent without being asked, and protection states. Written from the
// manufacturer's documents and captures alone and on purpose without a line of the driver's own code, so that the two
// can disagree.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "board.hpp"
#include "pack.hpp"

namespace bms::sim {

struct ChargeryOptions {
  /// In the order of time.
  enum class Firmware : std::uint8_t { v120, v122, v124, v125, v126 };

  std::size_t inputs = 0;  ///< 8, 16 or 24; 0: the smallest board that has enough
  Firmware firmware = Firmware::v126;
  double charge_end_v = 3.65;
  double discharge_end_v = 2.7;
  unsigned separator_every = 4;  ///< system frames; 0: never
  bool noise = true;             ///< inputs without a cell show some millivolts
  std::uint64_t seed = 1;
};

class ChargeryBoard : public Board {
 public:
  /// The pack must outlive the board.
  ChargeryBoard(Pack& pack, const ChargeryOptions& options);

  /// There is no receive pin.
  std::optional<Answer> receive(std::uint8_t /*byte*/) override { return std::nullopt; }
  void line_idle() override {}
  std::optional<std::chrono::milliseconds> pause_before_speaking() const override;
  Answer speak() override;
  Outcome<Action> compile(std::span<const std::string> words) override;
  [[nodiscard]] static Commands<ChargeryBoard> commands();
  nlohmann::json state() const override;

 private:
  using Frame = std::vector<std::uint8_t>;
  using Firmware = ChargeryOptions::Firmware;

  [[nodiscard]] std::optional<Action> understand_protect(std::span<const std::string> words);

  [[nodiscard]] Frame system_frame() const;
  [[nodiscard]] Frame cell_frame();
  [[nodiscard]] Frame impedance_frame() const;

  // What the board measures, in counts of the wire.
  [[nodiscard]] unsigned cell_mv(std::size_t cell) const;
  [[nodiscard]] unsigned sum_mv() const;
  [[nodiscard]] long current_da() const;
  [[nodiscard]] long temperature_dc(std::size_t sensor) const;
  [[nodiscard]] unsigned long charge_mah() const;
  [[nodiscard]] unsigned long energy_mwh() const;
  [[nodiscard]] unsigned mode() const;
  [[nodiscard]] std::size_t inputs() const;

  void protect(std::size_t which, bool active);

  Pack& pack_;
  ChargeryOptions options_;
  std::mt19937_64 random_;
  std::array<bool, 2> active_{};  ///< over-charge and over-discharge protection
  unsigned phase_ = 0;            ///< in the rhythm of two seconds
  unsigned systems_ = 0;          ///< frames of each kind so far
  unsigned cells_ = 0;
  unsigned impedances_ = 0;
  unsigned last_direction_ = 2;  ///< mode of the last frame that was not idle
};

}  // namespace bms::sim
