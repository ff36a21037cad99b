#include "driver/wished_orders.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <optional>
#include <utility>
#include <variant>

namespace bms::driver {

using namespace std::chrono_literals;

namespace {

// Whoever asks for the same again and again wears out no memory of the board.
constexpr auto pause_between = 10s;
constexpr auto longest_wait = 30s;

/// A command in words, and what it is about: a newer one about the same supersedes an older one.
struct Subject {
  std::string what, key;
};

struct Describe {
  Subject operator()(const SetFet& command) const {
    return {fmt::format("{} {}", name_of(command.fet), command.on ? "on" : "off"), std::string(name_of(command.fet))};
  }
  Subject operator()(const SetBalancer& command) const {
    return {command.on ? "balancer on" : "balancer off", "balancer"};
  }
  Subject operator()(const SetSoc& command) const { return {fmt::format("SoC of {:.1f} %", command.soc_pct), "soc"}; }
  Subject operator()(const ReadParameter& command) const { return {"reading " + command.name, command.name}; }
  Subject operator()(const WriteParameter& command) const { return {"setting " + command.name, command.name}; }
};

std::string in_words(const Result<CommandResult>& outcome) {
  if (outcome) {
    const auto* note = std::get_if<std::string>(&*outcome);
    return note == nullptr || note->empty() ? "done" : "done: " + *note;
  }
  return (outcome.error().kind == ErrorKind::unconfirmed ? "unconfirmed: " : "not done: ") + outcome.error().message;
}

}  // namespace

bool WishedOrders::give(const Command& command, std::string_view by, std::string_view advice) {
  const auto [what, key] = std::visit(Describe{}, command);
  const auto refuse = [&](const Error& why, std::string_view more = "") {
    spdlog::warn("{}{} cannot be ordered: {}{}", around_.log.prefix(), what, why.message, more);
    return false;
  };
  auto query = around_.protocol.command(command);
  if (!query) return refuse(query.error(), advice);
  const unsigned number = newest_ + 1;
  Order order{.what = what,
              .owner = std::string(by),
              .key = key,
              .query = *std::move(query),
              .pause = pause_between,
              .deadline = around_.line.now() + longest_wait,
              .on_outcome = [this, command, what, key, number](const Result<CommandResult>& outcome) {
                waiting_.erase(waiting_.find(key));
                if (outcome) around_.carried_out(command);
                report(what, number, outcome);
              }};
  const auto waiting = waiting_.insert(key);
  if (auto given = around_.orders.give(std::move(order)); !given) {
    waiting_.erase(waiting);
    return refuse(given.error());
  }
  spdlog::info("{}the BMS is told: {} ({})", around_.log.prefix(), what, by);
  newest_ = number;
  around_.show({.what = what, .outcome = "waiting"});
  return true;
}

bool WishedOrders::leave(const Command& command, std::string_view by) {
  const std::string what = std::visit(Describe{}, command).what;
  spdlog::info("{}{} ({}): it is so already, nothing is ordered", around_.log.prefix(), what, by);
  ++newest_;
  around_.show({.what = what, .outcome = "done: it was so already"});
  return true;
}

bool WishedOrders::waits(const Command& command) const {
  return waiting_.contains(std::visit(Describe{}, command).key);
}

void WishedOrders::report(const std::string& what, unsigned number, const Result<CommandResult>& outcome) {
  const std::string words = in_words(outcome);
  spdlog::log(outcome ? spdlog::level::info : spdlog::level::err, "{}the BMS, told {}: {}", around_.log.prefix(), what,
              words);
  // A newer one is shown already, and must not be taken for done.
  if (number == newest_) around_.show({.what = what, .outcome = words});
}

}  // namespace bms::driver
