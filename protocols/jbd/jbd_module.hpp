// The Bluetooth modules of JBD since 2023: they swallow every frame for the board until they have been told a password.
//
// Three questions lead there. What the module calls a random byte keeps the password from going over the air as it is,
// but no more than that: whoever hears the exchange can reckon it back.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "module_frame.hpp"
#include "module_login.hpp"

namespace bms::jbd {

inline constexpr std::size_t module_password_size = 6;

using ModuleAddress = std::array<std::uint8_t, 6>;

namespace module_commands {
inline constexpr std::uint8_t needs_password = 0x15;
inline constexpr std::uint8_t random_byte = 0x17;
inline constexpr std::uint8_t password = 0x18;
inline constexpr std::uint8_t settings_password = 0x1D;
}  // namespace module_commands

/// What the module must be sent for a text, byte by byte, after it has given `random`. A text beyond the address is
/// taken as if the address went on with zeros.
[[nodiscard]] std::vector<std::uint8_t> module_cipher(const ModuleAddress& address, std::string_view text,
                                                      std::uint8_t random);

/// `address`: of the board, six bytes as they are printed. `password`: six characters; empty: only finds out whether
/// the module wants one.
class ModulePassword final : public ModuleLogin {
 public:
  ModulePassword(const ModuleAddress& address, std::string_view password);

  [[nodiscard]] State state() const override { return state_; }
  [[nodiscard]] Bytes question() const override { return question_; }
  void hear(Bytes piece) override;
  void timed_out() override;

 private:
  void take(const ModuleFrame& frame);
  void ask(std::uint8_t command, Bytes payload);

  ModuleAddress address_;
  std::string password_;
  std::uint8_t asked_ = 0;
  std::vector<std::uint8_t> question_{};
  State state_ = State::asking;
};

/// For OnAir::login: the address as text, "A4:C1:37:00:00:23". nullptr: it is no address.
[[nodiscard]] std::unique_ptr<ModuleLogin> module_login(std::string_view address, std::string_view password);

/// What an answer of the module says: "password needed", "random byte 24", "accepted". Of others their bytes.
[[nodiscard]] std::string module_in_words(const ModuleFrame& frame);

}  // namespace bms::jbd
