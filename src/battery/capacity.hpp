// What is believed of a battery's capacity, when, and what may be allowed because of it.
#pragma once

#include <optional>

#include "battery/kept.hpp"
#include "battery/timing.hpp"
#include "bms/reading.hpp"

namespace bms::battery {

/// A capacity hardly ever changes, and limits may be multiples of it. So the first one that the BMS reports is
/// believed, another one only after it has been repeated for 10 s in 5 readings or more, and one that is no longer
/// reported counts for another minute. What the owner has configured is believed at once.
///
/// Limits go by the smallest that anybody reports: the BMS (full and nominal), what was learned, and what is believed.
/// That begins with the first reading, falls at once while it has not been reported three times and with the third
/// reading after that, and rises by 1 % in a second.
class Capacity {
 public:
  /// Takes a reading. `configured`: what it says of the capacity is the owner's word. After a restart it goes on with
  /// what `kept` says, until the BMS says it itself; limits wait for that.
  void follow(const Reading& reading, bool configured, Kept& kept, double dt_s);

  /// For the state of charge, for times, and for what people see. Empty: not known.
  [[nodiscard]] std::optional<double> believed_ah(const Kept& kept) const;

  /// The same but for what we have learned ourselves.
  [[nodiscard]] std::optional<double> told_ah() const { return told_ah_; }

  /// For limits. Empty: nothing may be allowed that is a multiple of it.
  [[nodiscard]] std::optional<double> sure_ah() const { return sure_ah_; }

  /// Reported now, and not yet believed.
  [[nodiscard]] std::optional<double> doubted_ah() const { return doubted_ah_; }

 private:
  void believe(std::optional<double> now_ah, bool is_full, double dt_s);
  void be_sure(const Reading& reading, const Kept& kept, double dt_s);

  bool started_ = false;
  std::optional<double> told_ah_, sure_ah_, doubted_ah_;
  bool told_full_ = false;  ///< `told_ah_` is what the BMS has learned, or what the owner says
  Held repeated_, untold_, fallen_, settled_;
};

}  // namespace bms::battery
