// Wiring: questions go to the board, answers to the line, commands to whom they concern.
#include "simulator.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/read_until.hpp>
#include <iostream>
#include <utility>

namespace bms::sim {
namespace {

// A pause this long inside a question makes a board start anew.
constexpr auto longest_pause = std::chrono::milliseconds(50);

// Values that belong to the whole pack, and those that are numbered.
struct PackValue {
  std::string_view name, unit, does;
  double low, high;
  void (Pack::*set)(double);
};
constexpr std::array pack_values{
    PackValue{"voltage", "<V>", "Shift all cells alike until this is their sum, until the next charge or discharge", 0,
              160, &Pack::set_voltage},
    PackValue{"current", "<A>", "Show this current, positive while charging; the SoC stays", -4000, 4000,
              &Pack::set_current},
    PackValue{"soc", "<%>", "State of charge", 0, 100, &Pack::set_soc},
    PackValue{"cycles", "<n>", "Charge cycles so far", 0, 65535, &Pack::set_cycles},
};
struct NumberedValue {
  std::string_view name, unit, does;
  double low, high;
  std::size_t (Pack::*count)() const;
  void (Pack::*set)(std::size_t, double);
};
constexpr std::array numbered_values{
    NumberedValue{"cell", "<n> <V>", "Show this voltage at cell n, until the next charge or discharge", 0, 65.535,
                  &Pack::cell_count, &Pack::set_cell},
    NumberedValue{"temperature", "<n> <degrees C>", "Show this temperature at sensor n", -273.1, 200,
                  &Pack::sensor_count, &Pack::set_temperature},
};
constexpr double most_a = 4000;

bool knows(std::span<const CommandText> texts, std::string_view verb) { return !written_with(texts, verb).empty(); }

/// What a reader at another speed sees of a byte.
std::uint8_t misread(std::uint8_t byte) { return static_cast<std::uint8_t>(0x80U | (byte >> 2U)); }

}  // namespace

Commands<Unit> Unit::commands() {
  Commands<Unit> all;
  for (const auto& row : pack_values)
    all.push_back(
        {{"set " + std::string(row.name).append(" ").append(row.unit), std::string(row.does)}, &Unit::understand_set});
  for (const auto& row : numbered_values)
    all.push_back(
        {{"set " + std::string(row.name).append(" ").append(row.unit), std::string(row.does)}, &Unit::understand_set});
  all.push_back({{"charge|discharge <A>", "Let this current flow in or out"}, &Unit::understand_run});
  all.push_back({{"silence on|off", "This board hears and says nothing"}, &Unit::understand_silence});
  all.push_back({{"state", "Print all true values, as JSON"}, &Unit::understand_state});
  return all;
}

// Those that could be const share a table with those that cannot.
// NOLINTBEGIN(readability-make-member-function-const)
std::optional<Action> Unit::understand_set(std::span<const std::string> words) {
  for (const PackValue& it : pack_values) {
    if (words.size() != 3 || words[1] != it.name) continue;
    const auto value = number(words[2], it.low, it.high);
    if (value) return quietly([pack = pack.get(), set = it.set, value] { (pack->*set)(*value); });
  }
  for (const NumberedValue& it : numbered_values) {
    if (words.size() != 4 || words[1] != it.name) continue;
    const auto which = number(words[2], 1, static_cast<double>((*pack.*it.count)()));
    const auto value = number(words[3], it.low, it.high);
    if (!which || !value) continue;
    const auto index = static_cast<std::size_t>(*which) - 1;
    return quietly([pack = pack.get(), set = it.set, index, value] { (pack->*set)(index, *value); });
  }
  return std::nullopt;
}

std::optional<Action> Unit::understand_run(std::span<const std::string> words) {
  const auto amperes = words.size() == 2 ? number(words[1], 0, most_a) : std::nullopt;
  if (!amperes) return std::nullopt;
  return quietly(
      [pack = pack.get(), current_a = words[0] == "charge" ? *amperes : -*amperes] { pack->run(current_a); });
}

std::optional<Action> Unit::understand_silence(std::span<const std::string> words) {
  const auto on = on_or_off(words);
  if (!on) return std::nullopt;
  return quietly([this, on] { silent = *on; });
}

std::optional<Action> Unit::understand_state(std::span<const std::string> words) {
  if (words.size() != 1) return std::nullopt;
  return Action([board = board.get()] { return board->state().dump() + "\n"; });
}
// NOLINTEND(readability-make-member-function-const)

Simulator::Simulator(boost::asio::io_context& loop, std::vector<Unit> units, const SimulatorOptions& options)
    : loop_(loop),
      units_(std::move(units)),
      options_(options),
      faults_(options.seed),
      pty_(loop, options.link),
      line_(loop, pty_, options.line),
      script_timer_(loop),
      stdin_(loop),
      pack_time_(Line::Clock::now()) {}

const std::string& Simulator::plug() {
  line_.clear();
  pty_.plug([this](std::span<const std::uint8_t> bytes) { received(bytes); });
  for (Unit& unit : units_) speak_later(unit);
  return pty_.path();
}

void Simulator::unplug() {
  line_.clear();
  for (Unit& unit : units_) {
    unit.board->line_idle();
    unit.speaking.reset();
  }
  pty_.unplug();
}

void Simulator::let_time_pass() {
  const auto now = Line::Clock::now();
  const double passed_s = std::chrono::duration<double>(now - std::exchange(pack_time_, now)).count();
  for (Unit& unit : units_) unit.pack->advance(passed_s);
}

bool Simulator::speeds_differ() const { return options_.speed_matters && pty_.baud() != options_.line.baud; }

void Simulator::speak_later(Unit& unit) {
  const auto pause = unit.board->pause_before_speaking();
  if (!pause) return;
  if (!unit.speaking) unit.speaking = std::make_unique<boost::asio::steady_timer>(loop_, Line::Clock::now());
  unit.speaking->expires_at(unit.speaking->expiry() + *pause);
  unit.speaking->async_wait([this, &unit](boost::system::error_code error) {
    if (error) return;
    let_time_pass();
    const Answer words = unit.board->speak();
    if (!unit.silent && faults_.board_hears()) send(words, Line::Clock::now() + faults_.settings().late);
    speak_later(unit);
  });
}

void Simulator::received(std::span<const std::uint8_t> bytes) {
  const auto now = Line::Clock::now();
  if (now - std::exchange(last_byte_at_, now) > longest_pause)
    for (Unit& unit : units_) unit.board->line_idle();
  // A pseudo-terminal hands over at once what takes its time on a wire.
  const auto asked_at = now + line_.duration(bytes.size());
  if (faults_.settings().echo) line_.send(faults_.passed_over_line(bytes), now, {});
  if (speeds_differ() || !faults_.board_hears()) return;
  let_time_pass();
  for (const std::uint8_t byte : faults_.passed_over_line(bytes))
    for (Unit& unit : units_) {
      if (unit.silent) continue;
      if (const auto whole = unit.board->receive(byte))
        send(*whole, asked_at + options_.latency + faults_.settings().late);
    }
}

void Simulator::send(const Answer& answer, Line::Clock::time_point earliest) {
  Line::OnSent on_sent;
  if (options_.timestamps)
    on_sent = [question = answer.question] {
      const std::chrono::duration<double> now = Line::Clock::now().time_since_epoch();
      std::cout << "sent " << question << ' ' << std::fixed << now.count() << std::endl;
    };
  auto bytes = faults_.answered(answer.bytes);
  if (speeds_differ()) std::ranges::transform(bytes, bytes.begin(), misread);
  line_.send(std::move(bytes), earliest, std::move(on_sent));
}

Commands<Simulator> Simulator::line_commands() {
  return {
      {{"unplug", "Take the terminal away"}, &Simulator::understand_unplug},
      {{"plug", "Bring it back, under the same link; prints \"ready\" and its path"}, &Simulator::understand_plug},
      {{"quit", "End the simulator"}, &Simulator::understand_quit},
  };
}

std::vector<CommandText> Simulator::common_commands() {
  std::vector<CommandText> all = texts_of(Unit::commands());
  for (const auto& texts : {texts_of(Faults::commands()), texts_of(line_commands())})
    all.insert(all.end(), texts.begin(), texts.end());
  all.push_back({"on <board> <command>", "The same for another board than the first"});
  return all;
}

std::optional<Action> Simulator::understand_unplug(std::span<const std::string> words) {
  if (words.size() != 1) return std::nullopt;
  return quietly([this] { unplug(); });
}

std::optional<Action> Simulator::understand_plug(std::span<const std::string> words) {
  if (words.size() != 1) return std::nullopt;
  return Action([this] { return "ready " + plug() + "\n"; });
}

std::optional<Action> Simulator::understand_quit(std::span<const std::string> words) {
  if (words.size() != 1) return std::nullopt;
  return quietly([this] { loop_.stop(); });
}

/// "on <n> <command>" is for one board; a command without it is for the line, or else for the first board.
Outcome<Action> Simulator::compile(std::span<const std::string> words) {
  if (words[0] == "on") {
    const auto which = words.size() < 3 ? std::nullopt : number(words[1], 1, static_cast<double>(units_.size()));
    if (!which) return expected_was("on <1.." + std::to_string(units_.size()) + "> <command>");
    return compile_for(units_[static_cast<std::size_t>(*which) - 1], words.subspan(2));
  }
  return compile_for_line(words);
}

Outcome<Action> Simulator::compile_for_line(std::span<const std::string> words) {
  if (words[0] == "fault") return compile_by(Faults::commands(), faults_, words);
  if (knows(texts_of(line_commands()), words[0])) return compile_by(line_commands(), *this, words);
  return compile_for(units_.front(), words);
}

Outcome<Action> Simulator::compile_for(Unit& unit, std::span<const std::string> words) const {
  if (knows(texts_of(Unit::commands()), words[0])) return compile_by(Unit::commands(), unit, words);
  if (knows(options_.board_commands, words[0])) return unit.board->compile(words);
  return expected_was("a command: " + verbs_of(common_commands()) + ", " + verbs_of(options_.board_commands));
}

Outcome<void> Simulator::play(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    auto action = compile(step.words);
    if (!action) return expected_was("line " + std::to_string(step.line) + ": " + action.error());
    script_.push_back({std::chrono::duration<double>(step.at_s), std::move(*action)});
  }
  script_began_ = Line::Clock::now();
  next_step(0);
  return {};
}

void Simulator::next_step(std::size_t index) {
  if (index == script_.size()) {
    if (!options_.repeat || script_.empty() || script_.back().at.count() <= 0) return;
    script_began_ += std::chrono::duration_cast<Line::Clock::duration>(script_.back().at);
    index = 0;
  }
  script_timer_.expires_at(script_began_ + std::chrono::duration_cast<Line::Clock::duration>(script_[index].at));
  script_timer_.async_wait([this, index](boost::system::error_code error) {
    if (error) return;
    let_time_pass();
    std::cout << script_[index].action() << std::flush;
    next_step(index + 1);
  });
}

void Simulator::listen_on_stdin() {
  stdin_.assign(dup(STDIN_FILENO));
  next_command();
}

void Simulator::next_command() {
  boost::asio::async_read_until(stdin_, typed_, '\n', [this](boost::system::error_code error, std::size_t) {
    if (error) return loop_.stop();
    std::string text;
    std::istream stream(&typed_);
    std::getline(stream, text);
    let_time_pass();
    if (const auto words = words_of(text); !words.empty()) {
      if (const auto action = compile(words)) {
        std::cout << (*action)() << "ok" << std::endl;
      } else {
        std::cout << "error: expected " << action.error() << std::endl;
      }
    }
    next_command();
  });
}

}  // namespace bms::sim
