// How the boards of a family look by Bluetooth LE: what a scan may show of them, and where their bytes pass once they
// are connected. None of it proves anything: other makes have the same services, and owners choose names. It says which
// board is worth being asked, and in which order; what answers decides, as on a wire.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace bms {

class ModuleLogin;
struct ModuleFrame;

/// A service and its two characteristics, by their short numbers.
struct GattLayout {
  std::uint16_t service;
  std::uint16_t notifies;  ///< what the board sends
  std::uint16_t written;   ///< what it is sent; may be the same one
};

/// What names or marks of a family are worth beside one of its services.
enum class Telling : std::uint8_t {
  hint,    ///< others have such ones, too, or might
  enough,  ///< hardly anything else looks like this
};

/// A pattern of names: # is a digit, ? any character, * at the end any rest.
struct NameOnAir {
  std::string_view pattern;
  Telling telling = Telling::hint;
  bool by_itself = false;  ///< counts where no service is advertised as well
};

/// Manufacturer data under this number: a hint, and enough where they hold one of the texts.
struct MarkOnAir {
  std::uint16_t company;
  std::span<const std::string_view> texts;
};

/// A family on the air. A hint by name and another one by mark are enough together.
struct OnAir {
  std::span<const GattLayout> layouts{};  ///< the usual one first; empty: no board of it is known to speak Bluetooth LE
  std::span<const NameOnAir> names{};
  std::span<const MarkOnAir> marks{};  ///< count where no service is advertised as well
  /// How addresses begin: "A4:C1:37". With the first service of `layouts` they are enough.
  std::span<const std::string_view> address_prefixes{};
  std::span<const std::string_view> dialects{};  ///< those that are spoken there, in the order in which they are tried
  /// Tells a module the password of the configuration; nullptr where no module of the family asks for one. Only to
  /// be begun where one is configured.
  std::unique_ptr<ModuleLogin> (*login)(std::string_view address, std::string_view password) = nullptr;
  std::string (*module_in_words)(const ModuleFrame& frame) = nullptr;  ///< what a frame of its modules says

  [[nodiscard]] constexpr bool known() const { return !layouts.empty(); }
};

}  // namespace bms
