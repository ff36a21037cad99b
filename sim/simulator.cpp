// Wiring: questions go to the board, answers to the line, commands to whom they concern.
#include "simulator.hpp"

#include <unistd.h>

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
constexpr auto set_grammar =
    "set voltage <V>, set cell <n> <V>, set current <A>, set soc <%>, set temperature <n> <degrees C> or set cycles "
    "<n>";

}  // namespace

Simulator::Simulator(boost::asio::io_context& loop, Pack& pack, Board& board, const SimulatorOptions& options)
    : loop_(loop),
      pack_(pack),
      board_(board),
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
  return pty_.path();
}

void Simulator::unplug() {
  line_.clear();
  board_.line_idle();
  pty_.unplug();
}

void Simulator::let_time_pass() {
  const auto now = Line::Clock::now();
  pack_.advance(std::chrono::duration<double>(now - std::exchange(pack_time_, now)).count());
}

void Simulator::received(std::span<const std::uint8_t> bytes) {
  const auto now = Line::Clock::now();
  if (now - std::exchange(last_byte_at_, now) > longest_pause) board_.line_idle();
  // A pseudo-terminal hands over at once what takes its time on a wire.
  const auto asked_at = now + line_.duration(bytes.size());
  if (faults_.settings().echo) line_.send(faults_.passed_over_line(bytes), now, {});
  if (!faults_.board_hears()) return;
  let_time_pass();
  for (const std::uint8_t byte : faults_.passed_over_line(bytes))
    if (const auto whole = board_.receive(byte)) answer(*whole, asked_at);
}

void Simulator::answer(const Answer& answer, Line::Clock::time_point asked_at) {
  Line::OnSent on_sent;
  if (options_.timestamps)
    on_sent = [question = answer.question] {
      const std::chrono::duration<double> now = Line::Clock::now().time_since_epoch();
      std::cout << "sent " << question << ' ' << std::fixed << now.count() << std::endl;
    };
  line_.send(faults_.answered(answer.bytes), asked_at + options_.latency + faults_.settings().late, std::move(on_sent));
}

Outcome<Action> Simulator::compile(std::span<const std::string> words) {
  const std::string_view verb = words[0];
  if (verb == "set") return compile_set(words.subspan(1));
  if (verb == "charge" || verb == "discharge") return compile_run(words);
  if (verb == "fault") return faults_.compile(words.subspan(1));
  if (words.size() > 1) return board_.compile(words);
  if (verb == "unplug") return quietly([this] { unplug(); });
  if (verb == "quit") return quietly([this] { loop_.stop(); });
  if (verb == "state") return Action([this] { return board_.state().dump() + "\n"; });
  if (verb == "plug") return Action([this] { return "ready " + plug() + "\n"; });
  return board_.compile(words);
}

Outcome<Action> Simulator::compile_set(std::span<const std::string> words) {
  for (const PackValue& it : pack_values)
    if (words.size() == 2 && words[0] == it.name)
      if (const auto value = number(words[1], it.low, it.high))
        return quietly([this, set = it.set, value] { (pack_.*set)(*value); });
  for (const NumberedValue& it : numbered_values)
    if (words.size() == 3 && words[0] == it.name) {
      const auto which = number(words[1], 1, static_cast<double>((pack_.*it.count)()));
      const auto value = number(words[2], it.low, it.high);
      if (!which || !value) break;
      return quietly(
          [this, set = it.set, index = static_cast<std::size_t>(*which) - 1, value] { (pack_.*set)(index, *value); });
    }
  return expected_was(set_grammar);
}

Outcome<Action> Simulator::compile_run(std::span<const std::string> words) {
  constexpr double most_a = 4000;
  const auto amperes = words.size() == 2 ? number(words[1], 0, most_a) : std::nullopt;
  if (!amperes) return expected_was(words[0] + " <A, not negative>");
  return quietly([this, current_a = words[0] == "charge" ? *amperes : -*amperes] { pack_.run(current_a); });
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
