// What the sections of config.ini are read into.
#pragma once

#include <concepts>
#include <variant>

#include "bluetooth/config.hpp"
#include "bridge/config.hpp"
#include "config/bank.hpp"
#include "config/settings.hpp"
#include "mqtt/config.hpp"

namespace bms::config {

/// What one section is read into: what is configured for a battery, or the struct of another program or face. A further
/// kind of section adds its struct here, and its row to section_kinds().
using Values = std::variant<Settings, bridge::Config, mqtt::Config, bluetooth::Config, BankOptions>;

template <class>
struct PointersTo;
template <class... Structs>
struct PointersTo<std::variant<Structs...>> {
  using Type = std::variant<Structs*...>;
};

/// Such a struct by reference, whichever it is: every option knows for itself in which one its value is kept.
class Target {
  using Pointer = PointersTo<Values>::Type;

 public:
  template <class Struct>
    requires std::constructible_from<Pointer, Struct*>
  Target(Struct& values) : kept_(&values) {}
  Target(Values& values) : kept_(std::visit([](auto& any) { return Pointer(&any); }, values)) {}

  /// Precondition: it is such a struct.
  template <class Struct>
  [[nodiscard]] Struct& as() const {
    return *std::get<Struct*>(kept_);
  }

 private:
  Pointer kept_;
};

}  // namespace bms::config
