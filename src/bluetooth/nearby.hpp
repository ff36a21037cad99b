// What a scan has seen so far, in an order for people.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "bluetooth/recognition.hpp"

namespace bms::bluetooth {

/// A device that may be a battery.
struct Sighting {
  Advertisement advertisement;
  Recognition recognition;
  bool configured = false;  ///< the configuration names it
};

class Nearby {
 public:
  /// So many devices are kept; whoever invents addresses costs no more than that.
  static constexpr std::size_t most_devices = 500;

  /// `configured`: addresses in their canonical form.
  explicit Nearby(std::vector<std::string> configured = {}) : configured_(std::move(configured)) {}

  /// Takes what a device says now.
  void saw(const Advertisement& advertisement);

  /// Those that are batteries or may be: what is certain first, then what may be, then what is rather another make; of
  /// these those that are heard best, then by address.
  [[nodiscard]] std::vector<Sighting> boards() const;

  /// How many devices there are besides.
  [[nodiscard]] std::size_t others() const;

  /// What is configured and was not seen.
  [[nodiscard]] std::vector<std::string> missing() const;

 private:
  std::vector<std::string> configured_;
  std::map<std::string, Sighting> seen_{};  ///< by address
};

}  // namespace bms::bluetooth
