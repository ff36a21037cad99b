// The console on a simulated board: the desk and the commands that it has when it opens a port itself, over a line on a
// clock of its own.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../fuzz/scratch.hpp"
#include "console/desk.hpp"
#include "driver/direct_commands.hpp"
#include "line/identity.hpp"
#include "registry.hpp"
#include "virtual_line.hpp"

namespace bms::test {

/// A kind of board: how bms-sim makes it, and how it is spoken to.
struct BoardKind {
  std::string name, family;
  std::vector<std::string> options{};  ///< of bms-sim
  std::string dialect{};
  unsigned address = 0;
  std::size_t cells = 16;
};

/// What a process is killed with.
struct Killed {};

class ConsoleBench {
 public:
  explicit ConsoleBench(const BoardKind& kind)
      : family_(*find_family(kind.family)),
        variant_(variant_of(family_, kind)),
        device_(kind.family, kind.options, {.cells = kind.cells, .drift = false}) {
    line.crosses = [this] {
      ++bytes;
      return true;
    };
  }

  /// A console starts: who is there, what has to be left. Throws std::runtime_error when nobody answers.
  void start() {
    forget();
    protocol_ = family_.make({.variant = variant_});
    commands_ = std::make_shared<driver::DirectCommands>(line, *protocol_, notes(), "ttyTEST");
    const auto reading = wait_for(commands_->poll());
    if (!reading) throw std::runtime_error(reading.error().message);
    line::Session session(line);
    const DeviceInfo device = wait_for(line::ask_who_is_there(session, *protocol_, false, [] {}));
    desk_.emplace(console::DeskOptions{.board = {.place = "ttyTEST",
                                                 .battery = "battery",
                                                 .family = std::string(family_.name),
                                                 .dialect = std::string(variant_.dialect),
                                                 .model = device.model,
                                                 .serial = device.serial,
                                                 .firmware = device.firmware,
                                                 .cells = reading->cells_v.size()},
                                       .parameters = parameters(),
                                       .relations = with_relations ? family_.relations : std::span<const Relation>(),
                                       .undo_directory = scratch_.directory()},
                  commands_);
  }

  /// Ends as a process does that is killed: nothing more is sent.
  void forget() {
    desk_.reset();
    commands_.reset();
    protocol_.reset();
  }

  /// One request, after which the board is left as it was found.
  console::Answer ask(decltype(console::Request::wish) wish) {
    console::Answer answer = wait_for(desk_->answer({.wish = std::move(wish)}, "a test", {}));
    wait_for([](driver::DirectCommands& commands) -> boost::asio::awaitable<bool> {
      co_await commands.leave();
      co_return true;
    }(*commands_));
    return answer;
  }
  console::Answer get(std::vector<std::string> names) { return ask(console::Get{std::move(names)}); }
  console::Answer set(const std::string& name, double value) {
    return ask(console::Set{.settings = {{.name = name, .value = value}}});
  }

  [[nodiscard]] ParameterList parameters() const { return family_.parameters(variant_); }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const Parameter* one : parameters()) all.emplace_back(one->name);
    return all;
  }

  [[nodiscard]] nlohmann::json state() { return device_.board().state(); }

  /// All that the simulated board keeps, by the name that it has there.
  [[nodiscard]] std::map<std::string, double> held() {
    std::map<std::string, double> all;
    const nlohmann::json now = state();
    for (const char* kind : {"registers", "settings"}) {
      if (!now.contains(kind)) continue;
      for (const auto& [name, entry] : now[kind].items()) {
        const bool is_pair = entry.is_array();
        all[is_pair ? kind + entry[0].dump() : name] = is_pair ? entry[1].get<double>() : entry.get<double>();
      }
    }
    if (family_.name == "rec") {
      all["SOCS"] = now["soc_pct"].get<double>() / 100;
      all["CYCL"] = now["cycles"].get<double>();
    }
    return all;
  }

  /// Tells the simulated board something, as a script of bms-sim does.
  void tell(const std::vector<std::string>& words) {
    auto action = device_.board().compile(words);
    if (!action) throw std::invalid_argument(action.error());
    (*action)();
  }

  /// The board loses its power and is back at once; the rest of a question means nothing to it.
  void lose_power() {
    tell({"restart"});
    device_.board().line_idle();
  }

  /// The line is sound again.
  void repair() {
    line.crosses = [] { return true; };
    line.instead = [](Bytes) { return std::nullopt; };
    line.damage = [](auto&) {};
    line.plug_in();
    device_.board().line_idle();
  }

  [[nodiscard]] bool has_note() const { return line::BoardNote(notes(), "ttyTEST", line::mode_open).found(); }
  [[nodiscard]] const std::string& directory() const { return scratch_.directory(); }

 private:
  static Variant variant_of(const Family& family, const BoardKind& kind) {
    for (const Variant& one : family.variants)
      if (one.dialect == kind.dialect && one.address == kind.address) return one;
    throw std::invalid_argument("no such variant: " + kind.name);
  }

  [[nodiscard]] std::string notes() const { return family_.has_mode ? scratch_.directory() : std::string(); }

  template <class T>
  T wait_for(boost::asio::awaitable<T> work) {
    boost::asio::io_context loop{1};
    std::optional<T> brought;
    boost::asio::co_spawn(loop, std::move(work), [&brought](const std::exception_ptr& problem, T result) {
      if (problem) std::rethrow_exception(problem);
      brought.emplace(std::move(result));
    });
    loop.run();
    return std::move(*brought);
  }

  const Family& family_;
  Variant variant_;
  fuzz::Scratch scratch_{"console-bench"};
  SimulatedBoard device_;
  std::unique_ptr<Protocol> protocol_;
  std::shared_ptr<driver::DirectCommands> commands_;
  std::optional<console::Desk> desk_;

 public:
  VirtualLine line{device_, variant_.baud, {}};
  std::size_t bytes = 0;       ///< that have crossed the line, either way
  bool with_relations = true;  ///< from the next start on: what must hold between parameters is looked at
};

}  // namespace bms::test
