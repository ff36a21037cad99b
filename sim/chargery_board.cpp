// What a Chargery board says, and when.
#include "chargery_board.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string_view>

#include "wire.hpp"

namespace bms::sim {
namespace {

constexpr std::array<std::string_view, 2> state_names{"cell_overvoltage", "cell_undervoltage"};
constexpr std::size_t channels = 2;
constexpr long open_channel_dc = -223;  // what boards without sensors send
constexpr long dead_band_da = 5;        // smaller currents are not seen

// System frames come every second, cell frames every two. Each entry: what is said, and how long it is quiet before.
struct Beat {
  char what;
  int pause_ms;
};
constexpr std::array rhythm{Beat{'s', 1000}, Beat{'c', 500}, Beat{'s', 500}};

/// Writes length and sum, which every frame ends with being known.
std::vector<std::uint8_t> finished(std::vector<std::uint8_t> frame) {
  frame[3] = static_cast<std::uint8_t>(frame.size() + 1);
  frame.push_back(static_cast<std::uint8_t>(std::accumulate(frame.begin(), frame.end(), 0U) & 0xFFU));
  return frame;
}

std::vector<std::uint8_t> begun(std::uint8_t command) { return {'$', '$', command, 0}; }

void append(std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

ChargeryBoard::ChargeryBoard(Pack& pack, const ChargeryOptions& options)
    : pack_(pack), options_(options), random_(options.seed) {}

std::size_t ChargeryBoard::inputs() const {
  if (options_.inputs > 0) return options_.inputs;
  for (const std::size_t size : {8U, 16U})
    if (pack_.cell_count() <= size) return size;
  return 24;
}

std::optional<std::chrono::milliseconds> ChargeryBoard::pause_before_speaking() const {
  return std::chrono::milliseconds(rhythm.at(phase_).pause_ms);
}

Answer ChargeryBoard::speak() {
  const Beat beat = rhythm.at(phase_);
  phase_ = static_cast<unsigned>((phase_ + 1) % rhythm.size());
  if (beat.what == 'c') {
    ++cells_;
    return {cell_frame(), "56"};
  }
  if (phase_ == 1) pack_.measure();
  std::vector<std::uint8_t> bytes;
  // When the direction changes the impedances go ahead of the system frame, without a gap.
  if (options_.firmware >= Firmware::v125 && mode() != 2 && mode() != last_direction_) {
    ++impedances_;
    append(bytes, impedance_frame());
  }
  if (mode() != 2) last_direction_ = mode();
  append(bytes, system_frame());
  ++systems_;
  if (options_.separator_every > 0 && systems_ % options_.separator_every == 0)
    append(bytes, {'h', ':', ':', '3', '\r', '\n'});
  return {bytes, "57"};
}

ChargeryBoard::Frame ChargeryBoard::system_frame() const {
  Frame frame = begun('W');
  put(frame, static_cast<unsigned long>(std::lround(options_.charge_end_v * 1000)));
  const bool old = options_.firmware == Firmware::v120;
  if (!old) frame.push_back(static_cast<std::uint8_t>(mode()));
  put(frame, static_cast<unsigned long>(std::abs(current_da())));
  for (std::size_t channel = 0; channel < channels; ++channel)
    put(frame, static_cast<unsigned long>(temperature_dc(channel)));
  if (old) return finished(frame);
  frame.push_back(static_cast<std::uint8_t>(std::lround(pack_.soc_pct())));
  if (options_.firmware < Firmware::v126) return finished(frame);
  put(frame, static_cast<unsigned long>(std::lround(options_.discharge_end_v * 1000)));
  for (const bool active : active_) frame.push_back(active ? 1 : 0);
  return finished(frame);
}

ChargeryBoard::Frame ChargeryBoard::cell_frame() {
  Frame frame = begun('V');
  for (std::size_t input = 0; input < inputs(); ++input) {
    const bool wired = input < pack_.cell_count();
    put(frame, wired ? cell_mv(input) : options_.noise ? random_() % 28 : 0);
  }
  if (options_.firmware < Firmware::v124) {
    frame.push_back(static_cast<std::uint8_t>(std::lround(pack_.soc_pct())));
    return finished(frame);
  }
  put_low_first(frame, energy_mwh(), 4);
  put_low_first(frame, charge_mah(), 4);
  return finished(frame);
}

ChargeryBoard::Frame ChargeryBoard::impedance_frame() const {
  Frame frame = begun('X');
  frame.push_back(static_cast<std::uint8_t>(mode()));
  put_low_first(frame, static_cast<unsigned long>(std::abs(current_da())), 2);
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) put_low_first(frame, 3 + cell % 4, 2);
  return finished(frame);
}

unsigned ChargeryBoard::cell_mv(std::size_t cell) const {
  return static_cast<unsigned>(std::clamp(std::lround(pack_.cell_v(cell) * 1000), 0L, 0xFFFFL));
}

unsigned ChargeryBoard::sum_mv() const {
  unsigned sum = 0;
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) sum += cell_mv(cell);
  return sum;
}

long ChargeryBoard::current_da() const {
  const long current = std::clamp(std::lround(pack_.current_a() * 10), -0xFFFFL, 0xFFFFL);
  return std::abs(current) < dead_band_da ? 0 : current;
}

unsigned ChargeryBoard::mode() const {
  if (current_da() == 0) return 2;
  return current_da() > 0 ? 1 : 0;
}

long ChargeryBoard::temperature_dc(std::size_t sensor) const {
  return sensor < pack_.sensor_count() ? std::lround(pack_.temperature_c(sensor) * 10) : open_channel_dc;
}

unsigned long ChargeryBoard::charge_mah() const {
  return static_cast<unsigned long>(std::lround(pack_.remaining_ah() * 1000));
}

unsigned long ChargeryBoard::energy_mwh() const {
  return static_cast<unsigned long>(std::lround(pack_.remaining_ah() * sum_mv()));
}

void ChargeryBoard::protect(std::size_t which, bool active) {
  active_.at(which) = active;
  pack_.gate(!active_[0], !active_[1]);
}

Commands<ChargeryBoard> ChargeryBoard::commands() {
  const std::string state = "<" + std::string(state_names[0]) + "|" + std::string(state_names[1]) + ">";
  return {
      {{"protect|unprotect " + state, "Raise or end this protection"}, &ChargeryBoard::understand_protect},
  };
}

Outcome<Action> ChargeryBoard::compile(std::span<const std::string> words) {
  return compile_by(commands(), *this, words);
}

std::optional<Action> ChargeryBoard::understand_protect(std::span<const std::string> words) {
  for (std::size_t which = 0; which < state_names.size(); ++which)
    if (words.size() == 2 && words[1] == state_names.at(which))
      return quietly([this, which, active = words[0] == "protect"] { protect(which, active); });
  return std::nullopt;
}

nlohmann::json ChargeryBoard::state() const {
  nlohmann::json cells = nlohmann::json::array();
  for (std::size_t cell = 0; cell < pack_.cell_count(); ++cell) cells.push_back(cell_mv(cell) / 1000.0);
  nlohmann::json temperatures = nlohmann::json::array();
  for (std::size_t channel = 0; channel < channels; ++channel)
    temperatures.push_back(static_cast<double>(temperature_dc(channel)) / 10.0);
  nlohmann::json protections = nlohmann::json::array();
  for (std::size_t which = 0; which < state_names.size(); ++which)
    if (active_.at(which)) protections.push_back(state_names.at(which));
  return {
      {"cells_v", cells},
      {"voltage_v", sum_mv() / 1000.0},
      {"current_a", static_cast<double>(current_da()) / 10.0},
      {"mode", mode()},
      {"soc_pct", std::lround(pack_.soc_pct())},
      {"temperatures_c", temperatures},
      {"remaining_ah", static_cast<double>(charge_mah()) / 1000.0},
      {"remaining_wh", static_cast<double>(energy_mwh()) / 1000.0},
      {"inputs", inputs()},
      {"protection", protections},
      {"fets", {{"charge", !active_[0]}, {"discharge", !active_[1]}}},
      {"frames", {{"56", cells_}, {"57", systems_}, {"58", impedances_}}},
      {"polls", cells_},
      {"writes", nlohmann::json::array()},
  };
}

}  // namespace bms::sim
