// Frames, and what each instruction does.
#include "rec_board.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "rec_errors.hpp"
#include "wire.hpp"

namespace bms::sim {
namespace {

constexpr std::uint8_t rec_start = 0x55;
constexpr std::uint8_t rec_end = 0xAA;
constexpr std::uint8_t host = 0x00;
constexpr unsigned arc = 0;  // what the sum begins with
constexpr std::size_t overhead = 7;
constexpr double board_temperature_c = 28.5;

void put_number(std::vector<std::uint8_t>& to, double value) {
  const auto number = static_cast<float>(value);
  std::array<std::uint8_t, sizeof number> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);  // low byte first, as on everything this runs on
  to.insert(to.end(), bytes.begin(), bytes.end());
}

std::vector<std::uint8_t> ascii(std::string_view text) { return {text.begin(), text.end()}; }

std::string usual_model(RecKind kind) {
  switch (kind) {
    case RecKind::abms: return "ACTIVE";
    case RecKind::master: return "REC BMS MASTER";
    case RecKind::q1: break;
  }
  return "REC BMS 1Q VICTRON";
}

}  // namespace

unsigned usual_rec_address(RecKind kind) {
  switch (kind) {
    case RecKind::abms: return 2;
    case RecKind::master: return 16;
    case RecKind::q1: break;
  }
  return 1;
}

RecBoard::RecBoard(Pack& pack, const RecOptions& options)
    : pack_(pack), options_(options), memory_(options.kind, pack.capacity_ah()) {
  if (options_.model.empty()) options_.model = usual_model(options_.kind);
  if (pack.cell_count() % options_.units != 0) throw std::invalid_argument("cells must spread evenly over the units");
  if (options_.kind == RecKind::abms && cells_per_unit() != 4)
    throw std::invalid_argument("an ABMS measures 4 cells: give --cells 4 for each unit");
  if (pack.sensor_count() < options_.units) throw std::invalid_argument("every unit needs a sensor: give --ntc");
}

std::optional<Answer> RecBoard::receive(std::uint8_t byte) {
  line_.push_back(byte);
  while (!line_.empty()) {
    if (line_[0] == rec_start && line_.size() < 4) return std::nullopt;
    const std::size_t size = line_[0] == rec_start ? line_[3] + overhead : 0;
    if (size > line_.size()) return std::nullopt;
    const auto frame = std::span<const std::uint8_t>(line_).first(size);
    const bool sound = size > 0 && frame.back() == rec_end &&
                       crc16(frame.subspan(1, size - 4), arc) == frame[size - 3] * 256 + frame[size - 2];
    if (!sound) {
      line_.erase(line_.begin());
      continue;
    }
    auto answer = hear(frame);
    line_.erase(line_.begin(), line_.begin() + static_cast<std::ptrdiff_t>(size));
    if (answer) return answer;
  }
  return std::nullopt;
}

void RecBoard::put_frame(std::vector<std::uint8_t>& to, std::span<const std::uint8_t> payload) const {
  std::vector<std::uint8_t> covered{host, static_cast<std::uint8_t>(options_.address),
                                    static_cast<std::uint8_t>(payload.size())};
  covered.insert(covered.end(), payload.begin(), payload.end());
  const unsigned sum = crc16(covered, arc);
  to.push_back(rec_start);
  to.insert(to.end(), covered.begin(), covered.end());
  put(to, sum);
  to.push_back(rec_end);
}

std::optional<Answer> RecBoard::hear(std::span<const std::uint8_t> frame) {
  if (frame[1] != options_.address || frame[2] != host) return std::nullopt;
  const auto payload = frame.subspan(4, frame[3]);
  const std::string text(payload.begin(), payload.end());
  const std::string name = text.substr(0, 4);
  if (options_.lacks.contains(name)) return std::nullopt;

  std::vector<Payload> answers;
  if (text.size() == 5 && text[4] == '?') {
    answers = read(name);
  } else if (text.size() > 5 && text[4] == ' ') {
    answers = {write(name, text.substr(5))};
    writes_.push_back(
        {{"frame", hex(frame)}, {"command", text}, {"answer", std::string(answers[0].begin(), answers[0].end())}});
    update_gate();
  }
  if (answers.empty()) return std::nullopt;
  Answer answer{{}, name};
  for (const Payload& one : answers) put_frame(answer.bytes, one);
  return answer;
}

std::vector<RecBoard::Payload> RecBoard::read(const std::string& name) {
  const auto block = [this](std::string_view count, Payload data) {
    if (options_.counts) return std::vector<Payload>{ascii(count), std::move(data)};
    return std::vector<Payload>{std::move(data)};
  };
  if (name == "LCD1") return block("28", lcd1());
  if (name == "LCD3") return block("8", lcd3());
  if (name == "ERRO") return block("4", erro());
  if (name == "CELL") return per_unit(cells_by_unit());
  if (name == "PTEM") return per_unit(temperatures_by_unit());
  if (name == "RINT") return per_unit(resistances_by_unit());
  if (name == "BTEM") {
    Payload data;
    put_number(data, board_temperature_c);
    return {ascii("1"), data};
  }
  if (const auto text = read_text(name)) return {ascii(*text)};
  return {};
}

std::optional<std::string> RecBoard::read_text(const std::string& name) const {
  const bool abms = options_.kind == RecKind::abms;
  if (name == "*IDN") return options_.model;
  if (name == "SWVR") return options_.firmware;
  if (name == "HWVR") return "2.2";
  if (name == "SERI" && abms) return std::to_string(options_.serial);
  if (name == "WCBI" && abms) return std::to_string(balanced_cell());
  if (name == "CYCL") return std::to_string(std::lround(pack_.cycles()));
  if (name == "SOCS") return rec_number(soc());
  if (name == "REFC" && !abms) return rec_number(5);
  if ((name == "RE1V" || name == "OP2V") && abms) return rec_number(cell_v(lowest_cell()));
  if (name == "TIME" && abms) return "12:34:56";
  if (name == "DATE" && abms) return "01.06.2026";
  return memory_.text(name);
}

RecBoard::Payload RecBoard::write(const std::string& name, const std::string& text) {
  return ascii(write_result(name, text));
}

std::string RecBoard::write_result(const std::string& name, const std::string& text) {
  const auto value = number(text, -1e12, 1e12);
  if (!value) return "ERROR1";
  if (name == "SOCS") {
    if (*value < 0.01 || *value > 1) return "ERROR1";
    pack_.set_soc(*value * 100);
    return "SET";
  }
  if (name == "CYCL") {
    if (*value < 0 || *value > 8000) return "ERROR1";
    pack_.set_cycles(*value);
    return "SET";
  }
  return memory_.write(name, *value) ? "SET" : "ERROR1";
}

std::vector<RecBoard::Payload> RecBoard::per_unit(const std::vector<std::vector<double>>& values) const {
  std::vector<Payload> answers{ascii(std::to_string(values.size()))};
  Payload data;
  for (const auto& unit : values) {
    for (const double value : unit) put_number(data, value);
    if (options_.one_frame) continue;
    answers.push_back(std::move(data));
    data.clear();
  }
  if (options_.one_frame) answers.push_back(data);
  return answers;
}

RecBoard::Payload RecBoard::lcd1() {
  ++polls_;
  pack_.measure();
  update_gate();
  Payload to;
  for (const double value : {cell_v(lowest_cell()), cell_v(highest_cell()), current_a(),
                             temperature_c(hottest_sensor()), voltage_v(), soc(), 0.99})
    put_number(to, value);
  return to;
}

RecBoard::Payload RecBoard::lcd3() const {
  const auto unit = [this](std::size_t cell) { return static_cast<std::uint8_t>(cell / cells_per_unit() + 1); };
  const auto cell = [this](std::size_t index) { return static_cast<std::uint8_t>(index % cells_per_unit() + 1); };
  const std::size_t sensor = hottest_sensor();
  const auto ah = static_cast<unsigned>(discharged_ah());
  return {unit(lowest_cell()),
          cell(lowest_cell()),
          unit(highest_cell()),
          cell(highest_cell()),
          static_cast<std::uint8_t>(sensor % options_.units + 1),
          static_cast<std::uint8_t>(sensor / options_.units + 1),
          static_cast<std::uint8_t>(ah >> 8U),
          static_cast<std::uint8_t>(ah & 0xFFU)};
}

RecBoard::Payload RecBoard::erro() const {
  const unsigned now = error();
  if (now == 0) return {0, 0, 0, 0};
  std::size_t place = 0;
  if (now == 1) place = highest_cell() % cells_per_unit() + 1;
  if (now == 2) place = lowest_cell() % cells_per_unit() + 1;
  return {1, 1, static_cast<std::uint8_t>(now), static_cast<std::uint8_t>(place)};
}

}  // namespace bms::sim
