// A REC unit, or a master unit that speaks for several: frames, instructions, errors. Written from the vendor's manuals
// and from recordings alone and on purpose without a line of the driver's own code, so that the two can disagree.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "board.hpp"
#include "pack.hpp"
#include "rec_memory.hpp"

namespace bms::sim {

/// As a unit of that kind is delivered.
[[nodiscard]] unsigned usual_rec_address(RecKind kind);

struct RecOptions {
  RecKind kind = RecKind::q1;
  unsigned address = 1;
  unsigned serial = 2261;
  std::string model;  ///< empty: what the kind reports
  std::string firmware = "2.5";
  unsigned units = 1;           ///< that the cells are spread over
  bool one_frame = false;       ///< the values of all units in one frame
  bool counts = true;           ///< arrays come with a count frame
  std::set<std::string> lacks;  ///< instructions that stay unanswered
};

class RecBoard : public Board {
 public:
  /// The pack must outlive the board. Throws std::invalid_argument for a pack that the kind cannot measure.
  RecBoard(Pack& pack, const RecOptions& options);

  std::optional<Answer> receive(std::uint8_t byte) override;
  void line_idle() override { line_.clear(); }
  Outcome<Action> compile(std::span<const std::string> words) override;
  [[nodiscard]] static Commands<RecBoard> commands();
  nlohmann::json state() const override;

 private:
  using Payload = std::vector<std::uint8_t>;

  using Words = std::span<const std::string>;
  [[nodiscard]] std::optional<Action> understand_error(Words words);
  [[nodiscard]] std::optional<Action> understand_knowledge(Words words);
  [[nodiscard]] std::optional<Action> understand_misreport(Words words);

  [[nodiscard]] std::optional<Answer> hear(std::span<const std::uint8_t> frame);
  [[nodiscard]] std::vector<Payload> read(const std::string& name);
  [[nodiscard]] std::optional<std::string> read_text(const std::string& name) const;
  [[nodiscard]] Payload write(const std::string& name, const std::string& text);
  [[nodiscard]] std::string write_result(const std::string& name, const std::string& text);
  void put_frame(std::vector<std::uint8_t>& to, std::span<const std::uint8_t> payload) const;

  [[nodiscard]] Payload lcd1();
  [[nodiscard]] Payload lcd3() const;
  [[nodiscard]] Payload erro() const;
  [[nodiscard]] std::vector<Payload> per_unit(const std::vector<std::vector<double>>& values) const;
  [[nodiscard]] std::vector<std::vector<double>> cells_by_unit() const;
  [[nodiscard]] std::vector<std::vector<double>> temperatures_by_unit() const;
  [[nodiscard]] std::vector<std::vector<double>> resistances_by_unit() const;

  // What the unit measures, at its resolution.
  [[nodiscard]] double cell_v(std::size_t cell) const;
  [[nodiscard]] double voltage_v() const;
  [[nodiscard]] double current_a() const;
  [[nodiscard]] double soc() const;
  [[nodiscard]] double temperature_c(std::size_t sensor) const;
  [[nodiscard]] long discharged_ah() const;
  [[nodiscard]] std::size_t lowest_cell() const;
  [[nodiscard]] std::size_t highest_cell() const;
  [[nodiscard]] std::size_t hottest_sensor() const;
  [[nodiscard]] std::size_t balanced_cell() const;

  /// The error that is reported now; 0 for none.
  [[nodiscard]] unsigned error() const;
  [[nodiscard]] bool permits_charge() const;
  [[nodiscard]] bool permits_discharge() const;
  [[nodiscard]] std::size_t cells_per_unit() const { return pack_.cell_count() / options_.units; }
  void update_gate() { pack_.gate(permits_charge(), permits_discharge()); }

  Pack& pack_;
  RecOptions options_;
  RecMemory memory_;
  std::vector<std::uint8_t> line_;
  std::set<unsigned> raised_;  ///< errors raised by hand
  std::optional<double> reported_voltage_v_;
  unsigned polls_ = 0;
  nlohmann::json writes_ = nlohmann::json::array();
};

}  // namespace bms::sim
