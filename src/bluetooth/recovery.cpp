#include "bluetooth/recovery.hpp"

#include <algorithm>

namespace bms::bluetooth {

namespace {

using namespace std::chrono_literals;

/// Pauses double from the first to the longest. Every so many failures of a kind a step is taken; 0: never.
struct Treatment {
  Failure failure;
  std::chrono::seconds first_pause, longest_pause;
  int start_over, blame_adapter;
  bool disconnect;
};

// While a connection is waited for, BlueZ listens for the board: being out of reach needs neither a pause nor a scan.
constexpr Treatment treatments[] = {
    {Failure::no_adapter, 1s, 5s, 0, 0, false},   {Failure::unseen, 30s, 600s, 0, 0, false},
    {Failure::out_of_reach, 1s, 1s, 0, 0, false}, {Failure::refused, 1s, 30s, 4, 8, false},
    {Failure::unusable, 1s, 30s, 2, 6, true},     {Failure::mute, 1s, 60s, 5, 0, true},
    {Failure::no_room, 30s, 60s, 0, 0, false},    {Failure::unpaired, 600s, 600s, 0, 0, true},
};

// A look costs everybody on the adapter some air time: after 3 failures, 6, 12, 24 ...
constexpr int failures_before_look = 3;

bool is_due(int count, int every) { return every > 0 && count % every == 0; }

bool is_power_of_two(int number) { return (number & (number - 1)) == 0; }

}  // namespace

NextAttempt Recovery::failed(Failure why) {
  const auto& treatment = treatments[static_cast<std::size_t>(why)];
  int& count = counts_[static_cast<std::size_t>(why)];
  count = std::min(count + 1, 1'000'000);
  auto pause = treatment.first_pause;
  for (int doubled = 1; doubled < count && pause < treatment.longest_pause; ++doubled) pause *= 2;
  const bool looks = why == Failure::out_of_reach && count % failures_before_look == 0;
  return {.pause = std::min(pause, treatment.longest_pause),
          .disconnect = treatment.disconnect,
          .start_over = is_due(count, treatment.start_over),
          .look = looks && is_power_of_two(count / failures_before_look),
          .blame_adapter = is_due(count, treatment.blame_adapter)};
}

}  // namespace bms::bluetooth
