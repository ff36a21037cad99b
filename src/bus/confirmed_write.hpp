// Writing one path of another service, and seeing whether it came to anything.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "bus/bus_calls.hpp"
#include "bus/bus_connection.hpp"
#include "items/value.hpp"

namespace bms::bus {

/// Calls SetValue without waiting, looks at the result, and reads back after 2 s. A later write takes the place of one
/// under way.
class ConfirmedWrite {
 public:
  /// What became of a write. Empty `problem`: the value is there.
  using OnOutcome = std::function<void(const std::string& problem)>;

  /// `bus` must outlive the object.
  ConfirmedWrite(BusConnection& bus, std::string owner, std::string path, OnOutcome on_outcome);
  ConfirmedWrite(const ConfirmedWrite&) = delete;
  ConfirmedWrite& operator=(const ConfirmedWrite&) = delete;

  /// Writes a number: an integer as one, anything else as a double. `read_back`: also compares what is there then; else
  /// the service's word counts.
  void write(const items::Value& number, bool read_back);

  /// Writes the same once more, without asking what becomes of it: a refresh of what is known to be there.
  void repeat();

  /// What was written last; empty: nothing, or nothing that still counts.
  [[nodiscard]] std::optional<double> written() const { return items::number_in(written_); }

  /// Whether the outcome of the last write is not known yet.
  [[nodiscard]] bool under_way() const { return under_way_; }

  /// Whether the service has answered the last write with a no.
  [[nodiscard]] bool refused() const { return refused_; }

  /// How many writes in a row have come to nothing.
  [[nodiscard]] int failures() const { return failures_; }

  /// Forgets what was written: somebody else decides about the path now.
  void forget();

 private:
  void take_result(sd_bus_message* reply, bool read_back);
  void read_back_now();
  void take_read_back(sd_bus_message* reply);
  void end(const std::string& problem);

  BusConnection& bus_;
  std::string owner_, path_;
  OnOutcome on_outcome_;
  items::Value written_;
  Message repetition_;  ///< of that; a message without a reply can be sent any number of times
  Pending call_;
  Timer look_;
  bool under_way_ = false;
  bool refused_ = false;
  int failures_ = 0;
};

/// Whether two numbers are the same for a device that keeps tenths.
[[nodiscard]] bool same_number(double a, double b);

}  // namespace bms::bus
