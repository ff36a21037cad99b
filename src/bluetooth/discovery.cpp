#include "bluetooth/discovery.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "bluetooth/objects.hpp"

namespace bms::bluetooth {

namespace {

using namespace std::chrono_literals;

constexpr auto discovery_answer_time = 10s;
constexpr auto first_pause = 2s;
constexpr auto longest_pause = 30s;

bus::CallTarget at(const std::string& adapter, std::string_view method) {
  return {.service = "org.bluez", .path = adapter, .interface = adapter_interface, .method = method};
}

}  // namespace

Discovery::Discovery(bus::BusConnection& bus, std::string adapter)
    : bus_(bus), adapter_(std::move(adapter)), retry_(bus.loop()), pause_(first_pause) {
  set_filter();
}

Discovery::~Discovery() { bus::tell(bus_, bus::make_tell(bus_, at(adapter_, "StopDiscovery"), {})); }

/// The filters of all clients are merged, so this one only says which radio is meant. Whether it was accepted does not
/// matter: without it other devices come as well.
void Discovery::set_filter() {
  call_ = bus::call(
      bus_, at(adapter_, "SetDiscoveryFilter"), discovery_answer_time, [this](sd_bus_message*) { start(); },
      [](bus::MessageWriter& writer) { writer.append("a{sv}", 2U, "Transport", "s", "le", "DuplicateData", "b", 0); });
}

void Discovery::start() {
  call_ = bus::call(bus_, at(adapter_, "StartDiscovery"), discovery_answer_time,
                    [this](sd_bus_message* reply) { take_outcome(error_of(reply)); });
}

void Discovery::take_outcome(const CallError& error) {
  const Meaning meaning = meaning_of(Call::start_discovery, error);
  std::string problem = meaning.reaction == Reaction::go_on ? "" : std::string(meaning.words);
  problem_ = std::move(problem);
  if (!problem_.empty()) {
    retry_.after(pause_, [this] { set_filter(); });
    pause_ = std::min<Timer::Clock::duration>(2 * pause_, longest_pause);
  }
  if (on_outcome_) on_outcome_();
}

}  // namespace bms::bluetooth
