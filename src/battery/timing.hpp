// Time in rules: how long something has been so. Seconds come as arguments; nothing here has a clock.
#pragma once

namespace bms::battery {

/// For how long a condition has held without interruption: 0 s in the first reading that shows it.
class Held {
 public:
  double follow(bool holds, double dt_s) {
    seconds_ = holds && frames_ > 0 ? seconds_ + dt_s : 0;
    frames_ = holds ? frames_ + 1 : 0;
    return seconds_;
  }

  /// In how many readings in a row.
  [[nodiscard]] unsigned frames() const { return frames_; }
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  double seconds_ = 0;
  unsigned frames_ = 0;
};

/// What it takes to switch on and off.
struct Delays {
  double on_s = 0;
  double off_s = 0;
  unsigned on_frames = 1;
};

/// A switch with delays on both sides.
class DelayedSwitch {
 public:
  /// Between the two conditions the switch stays as it is.
  bool follow(bool on_condition, bool off_condition, const Delays& delays, double dt_s) {
    held_.follow(on_ ? off_condition : on_condition, dt_s);
    const unsigned frames = on_ ? 1 : delays.on_frames;
    const double seconds = on_ ? delays.off_s : delays.on_s;
    if (held_.frames() >= frames && held_.seconds() >= seconds) set(!on_);
    return on_;
  }

  void set(bool on) {
    if (on != on_) held_ = {};
    on_ = on;
  }
  [[nodiscard]] bool on() const { return on_; }

 private:
  Held held_;
  bool on_ = false;
};

}  // namespace bms::battery
