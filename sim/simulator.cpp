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
  std::string_view name;
  double low, high;
  void (Pack::*set)(double);
};
constexpr std::array pack_values{
    PackValue{"voltage", 0, 160, &Pack::set_voltage},
    PackValue{"current", -4000, 4000, &Pack::set_current},
    PackValue{"soc", 0, 100, &Pack::set_soc},
    PackValue{"cycles", 0, 65535, &Pack::set_cycles},
};
struct NumberedValue {
  std::string_view name;
  double low, high;
  std::size_t (Pack::*count)() const;
  void (Pack::*set)(std::size_t, double);
};
constexpr std::array numbered_values{
    NumberedValue{"cell", 0, 65.535, &Pack::cell_count, &Pack::set_cell},
    NumberedValue{"temperature", -273.1, 200, &Pack::sensor_count, &Pack::set_temperature},
};
constexpr auto grammar_of_set =
    "set voltage <V>, set cell <n> <V>, set current <A>, set soc <%>, set temperature <n> <degrees C> or set cycles "
    "<n>";

Outcome<Action> compile_set(Pack& pack, std::span<const std::string> words) {
  for (const PackValue& it : pack_values)
    if (words.size() == 2 && words[0] == it.name)
      if (const auto value = number(words[1], it.low, it.high))
        return quietly([&pack, set = it.set, value] { (pack.*set)(*value); });
  for (const NumberedValue& it : numbered_values)
    if (words.size() == 3 && words[0] == it.name) {
      const auto which = number(words[1], 1, static_cast<double>((pack.*it.count)()));
      const auto value = number(words[2], it.low, it.high);
      if (!which || !value) break;
      return quietly(
          [&pack, set = it.set, index = static_cast<std::size_t>(*which) - 1, value] { (pack.*set)(index, *value); });
    }
  return expected_was(grammar_of_set);
}

Outcome<Action> compile_run(Pack& pack, std::span<const std::string> words) {
  constexpr double most_a = 4000;
  const auto amperes = words.size() == 2 ? number(words[1], 0, most_a) : std::nullopt;
  if (!amperes) return expected_was(words[0] + " <A, not negative>");
  return quietly([&pack, current_a = words[0] == "charge" ? *amperes : -*amperes] { pack.run(current_a); });
}

/// What a reader at another speed sees of a byte.
std::uint8_t misread(std::uint8_t byte) { return static_cast<std::uint8_t>(0x80U | (byte >> 2U)); }

}  // namespace

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
  const std::string_view verb = words[0];
  if (verb == "fault") return faults_.compile(words.subspan(1));
  if (words.size() == 1 && verb == "unplug") return quietly([this] { unplug(); });
  if (words.size() == 1 && verb == "quit") return quietly([this] { loop_.stop(); });
  if (words.size() == 1 && verb == "plug") return Action([this] { return "ready " + plug() + "\n"; });
  return compile_for(units_.front(), words);
}

Outcome<Action> Simulator::compile_for(Unit& unit, std::span<const std::string> words) {
  const std::string_view verb = words[0];
  if (verb == "set") return compile_set(*unit.pack, words.subspan(1));
  if (verb == "charge" || verb == "discharge") return compile_run(*unit.pack, words);
  if (verb == "silence") {
    if (words.size() != 2 || (words[1] != "on" && words[1] != "off")) return expected_was("silence on|off");
    return quietly([&unit, silent = words[1] == "on"] { unit.silent = silent; });
  }
  if (verb == "state" && words.size() == 1)
    return Action([&board = *unit.board] { return board.state().dump() + "\n"; });
  return unit.board->compile(words);
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
