// An ANT board of either protocol: frames, orders, settings, FETs and protections. Written from captures and the
// analyses of the vendor's application alone and on purpose without a line of the driver's own code, so that the two
// can disagree.
#pragma once

#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ant_options.hpp"
#include "ant_protections.hpp"
#include "board.hpp"
#include "pack.hpp"

namespace bms::sim {

class AntBoard : public Board {
 public:
  /// The pack must outlive the board.
  AntBoard(Pack& pack, const AntOptions& options, std::uint64_t seed);

  std::optional<Answer> receive(std::uint8_t byte) override;
  void line_idle() override { frame_.clear(); }
  Outcome<Action> compile(std::span<const std::string> words) override;
  [[nodiscard]] static Commands<AntBoard> commands();
  nlohmann::json state() const override;

 private:
  using Payload = std::vector<std::uint8_t>;
  using Frame = std::span<const std::uint8_t>;

  /// How many bytes the question at the start of `frame_` has; 0: none begins there. One more than there are while that
  /// cannot be known.
  [[nodiscard]] std::size_t question_size() const;
  [[nodiscard]] bool speaks_new() const { return options_.dialect != AntOptions::Dialect::older; }
  [[nodiscard]] bool speaks_old() const { return options_.dialect != AntOptions::Dialect::newer; }

  // New protocol.
  [[nodiscard]] std::optional<Answer> answer_new(Frame frame);
  [[nodiscard]] std::optional<Payload> act(unsigned function, unsigned address, std::size_t wanted, Frame data);
  [[nodiscard]] std::optional<Payload> read_settings(unsigned address, std::size_t size) const;
  [[nodiscard]] unsigned control(unsigned command);
  [[nodiscard]] unsigned log_in(unsigned slot, Frame password);
  [[nodiscard]] Payload new_status();
  void put_measurements(Payload& to) const;
  void put_history(Payload& to) const;

  // Old protocol.
  [[nodiscard]] std::optional<Answer> answer_old(Frame frame);
  [[nodiscard]] std::uint16_t read_register(unsigned number) const;
  [[nodiscard]] std::optional<std::uint16_t> write_register(unsigned number, std::uint16_t value);
  [[nodiscard]] std::optional<std::uint16_t> take_password(unsigned part, std::uint16_t characters);
  [[nodiscard]] Payload old_status();

  // What the board measures, in counts of the wire.
  [[nodiscard]] long cell_mv(std::size_t cell) const;
  [[nodiscard]] long sum_mv() const;
  [[nodiscard]] double voltage_v() const;
  [[nodiscard]] long discharge_deciamperes() const;
  [[nodiscard]] long temperature(std::size_t sensor) const;
  [[nodiscard]] long hottest() const;
  [[nodiscard]] std::size_t extreme_cell(bool highest) const;
  [[nodiscard]] std::uint32_t throughput_mah() const;
  [[nodiscard]] std::uint32_t balancing() const;
  [[nodiscard]] std::uint8_t balancer_code() const { return balancing() != 0 ? 4 : 0; }

  [[nodiscard]] std::uint8_t charge_code() const;
  [[nodiscard]] std::uint8_t discharge_code() const;
  [[nodiscard]] std::uint64_t protection_mask() const;
  [[nodiscard]] std::uint64_t warning_mask() const;
  using Words = std::span<const std::string>;
  [[nodiscard]] std::optional<Action> understand_protect(Words words);
  [[nodiscard]] std::optional<Action> understand_warn(Words words);
  [[nodiscard]] std::optional<Action> understand_code(Words words);
  [[nodiscard]] std::optional<Action> understand_lock(Words words);
  [[nodiscard]] std::optional<Action> understand_balance(Words words);
  [[nodiscard]] std::optional<Action> understand_misreport(Words words);
  void measure();
  void lock(bool charge, bool discharge);
  void update_gate();

  Pack& pack_;
  AntOptions options_;
  Payload frame_;
  std::map<unsigned, std::uint16_t> settings_;   ///< new: by offset
  std::map<unsigned, std::uint16_t> registers_;  ///< old
  std::map<unsigned, std::uint16_t> pending_;    ///< old: written and not yet applied
  std::bitset<ant_protections.size()> protections_;
  std::uint64_t extra_warnings_ = 0;
  std::optional<std::uint8_t> forced_charge_code_, forced_discharge_code_;
  std::optional<double> reported_voltage_v_;  ///< where the board lies about the pack's voltage
  bool charge_locked_ = false;
  bool discharge_locked_ = false;
  unsigned charge_delay_ = 0;  ///< status frames until a FET that was released conducts
  unsigned discharge_delay_ = 0;
  bool balancer_on_ = false;
  unsigned permission_;
  std::string typed_password_;
  unsigned saves_ = 0;
  unsigned polls_ = 0;
  nlohmann::json writes_ = nlohmann::json::array();
};

}  // namespace bms::sim
