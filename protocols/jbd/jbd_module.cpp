#include "jbd/jbd_module.hpp"

#include <algorithm>

#include "bms/hex.hpp"

namespace bms::jbd {

namespace {

/// What a module answers by one byte.
struct Verdict {
  std::uint8_t command, data;
  std::string_view words;
};

constexpr std::uint8_t refused = 0x01;
constexpr std::uint8_t no_password = 0x02;

constexpr Verdict verdicts[] = {
    {module_commands::needs_password, 0x00, "password needed"},
    {module_commands::needs_password, refused, "refused"},
    {module_commands::needs_password, no_password, "no password"},
    {module_commands::password, 0x00, "accepted"},
    {module_commands::password, refused, "refused"},
    {module_commands::settings_password, 0x00, "accepted"},
    {module_commands::settings_password, refused, "refused"},
};

// What the vendor's app begins with, whatever the password is.
constexpr std::string_view opening_text = "000000";

Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string lowered_hex(std::uint8_t byte) {
  std::string text = to_hex(Bytes(&byte, 1));
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

std::vector<std::uint8_t> module_cipher(const ModuleAddress& address, std::string_view text, std::uint8_t random) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned key = i < address.size() ? address[i] : 0U;
    bytes.push_back(static_cast<std::uint8_t>((key ^ static_cast<std::uint8_t>(text[i])) + random));
  }
  return bytes;
}

ModulePassword::ModulePassword(const ModuleAddress& address, std::string_view password)
    : address_(address), password_(password) {
  ask(module_commands::needs_password, bytes_of(opening_text));
}

void ModulePassword::ask(std::uint8_t command, Bytes payload) {
  asked_ = command;
  question_ = module_frame(command, payload);
}

void ModulePassword::hear(Bytes piece) {
  while (!piece.empty() && state_ == State::asking) {
    const auto frame = module_frame_at(piece);
    if (frame) take(*frame);
    piece = piece.subspan(frame ? frame->size : 1);
  }
}

void ModulePassword::take(const ModuleFrame& frame) {
  // With its own bytes, not with an answer.
  if (std::ranges::equal(module_frame(frame.command, frame.payload), question_) && frame.payload.size() != 1) {
    state_ = State::wants_pairing;
    return;
  }
  if (frame.command != asked_ || frame.payload.size() != 1) return;
  const std::uint8_t data = frame.payload[0];
  if (asked_ == module_commands::random_byte)
    return ask(module_commands::password, module_cipher(address_, password_, data));
  if (data == refused) {
    state_ = State::refused;
  } else if (asked_ == module_commands::password || data == no_password) {
    state_ = State::open;
  } else if (password_.empty()) {
    state_ = State::lacks_password;
  } else {
    ask(module_commands::random_byte, {});
  }
}

void ModulePassword::timed_out() {
  if (state_ == State::asking) state_ = State::silent;
}

std::unique_ptr<ModuleLogin> module_login(std::string_view address, std::string_view password) {
  std::string digits(address);
  std::erase(digits, ':');
  const auto bytes = from_hex(digits);
  ModuleAddress printed{};
  if (!bytes || bytes->size() != printed.size()) return nullptr;
  std::ranges::copy(*bytes, printed.begin());
  return std::make_unique<ModulePassword>(printed, password);
}

std::string module_in_words(const ModuleFrame& frame) {
  if (frame.command == module_commands::random_byte && frame.payload.size() == 1)
    return "random byte " + lowered_hex(frame.payload[0]);
  for (const Verdict& verdict : verdicts) {
    if (frame.command == verdict.command && frame.payload.size() == 1 && frame.payload[0] == verdict.data)
      return std::string(verdict.words);
  }
  return "command " + lowered_hex(frame.command) + ": " + to_hex(frame.payload);
}

}  // namespace bms::jbd
