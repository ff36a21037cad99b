#include "ant/ant_anatomy.hpp"

#include <algorithm>
#include <numeric>

#include "ant/ant_bytes.hpp"
#include "ant/ant_new_frame.hpp"
#include "ant/ant_old_frame.hpp"
#include "ant/ant_settings.hpp"
#include "bms/hex.hpp"

namespace bms::ant {

namespace {

bool begins_new(Bytes head) { return head[0] == 0x7E && head[1] == 0xA1; }

std::uint16_t sum(Bytes covered) {
  return static_cast<std::uint16_t>(std::accumulate(covered.begin(), covered.end(), 0U));
}

bool carries_data(std::uint8_t function) {
  return function == static_cast<std::uint8_t>(NewFunction::write_setting) ||
         function == static_cast<std::uint8_t>(NewFunction::password);
}

bool begins_word(Bytes head) {
  return head[0] == head[1] && (head[0] == display_header || head[0] == read_header || head[0] == write_header);
}

std::size_t last_byte(Bytes head) { return head.back(); }
std::size_t value_size(Bytes /*head*/) { return 2; }

constexpr std::size_t status_content = old_status_size - 6;

constexpr FrameForm word_of(Sender sender) {
  return {
      .sender = sender, .layout = "SSR*C", .begins = begins_word, .payload = value_size, .summed_from = 2, .sum = sum};
}

constexpr FrameForm forms[] = {
    {.sender = Sender::host,
     .layout = "SSFRRL*CCEE",
     .begins = begins_new,
     .payload = [](Bytes head) { return carries_data(head[2]) ? last_byte(head) : 0; },
     .summed_from = 1,
     .sum = crc_of,
     .low_byte_first = true},
    {.sender = Sender::board,
     .layout = "SSFRRL*CCEE",
     .begins = begins_new,
     .payload = last_byte,
     .summed_from = 1,
     .sum = crc_of,
     .low_byte_first = true},
    word_of(Sender::host),
    word_of(Sender::board),
    {.sender = Sender::board,
     .layout = "SSSS*CC",
     .begins = [](Bytes head) { return head[0] == 0xAA && head[1] == 0x55 && head[2] == 0xAA && head[3] == 0xFF; },
     .payload = [](Bytes /*head*/) { return status_content; },
     .summed_from = 4,
     .sum = sum},
};

constexpr const FrameForm& login_form = forms[0];
constexpr const FrameForm& word_form = forms[2];

std::string name_of_setting(std::span<const Setting> all, std::uint16_t address) {
  const auto found = std::ranges::find(all, address, &Setting::address);
  return found == all.end() ? "" : " (" + std::string(found->name) + ")";
}

std::string new_in_words(Bytes question) {
  const std::uint16_t address = u16_le(question, 3);
  const std::string number = std::to_string(address);
  switch (static_cast<NewFunction>(question[2])) {
    case NewFunction::status: return "read status";
    case NewFunction::read_settings:
      return address == device_info_address ? "read device information"
                                            : "read settings from " + number + name_of_setting(new_settings(), address);
    case NewFunction::identity: return "read identity";
    case NewFunction::system_information: return "read system information";
    case NewFunction::write_setting: return "write setting " + number + name_of_setting(new_settings(), address);
    case NewFunction::password: return "log in";
    case NewFunction::control: return "order " + number;
  }
  return "";
}

bool is_password(Bytes question) {
  return question.size() == word_size && question[0] == write_header && question[1] == write_header &&
         question[2] >= first_password_register && question[2] <= last_password_register;
}

std::string old_in_words(Bytes question) {
  if (is_password(question)) return "log in";
  const std::string which =
      "register 0x" + to_hex(question.subspan(2, 1)) + name_of_setting(old_settings(), question[2]);
  if (question[0] == write_header) return "write " + which;
  return question[2] == 0 ? "read status" : "read " + which;
}

}  // namespace

std::span<const FrameForm> frame_forms() { return forms; }

std::string question_in_words(Bytes question) {
  if (question.size() >= new_header_size && begins_new(question)) return new_in_words(question);
  return question.size() == word_size && begins_word(question) ? old_in_words(question) : "";
}

std::vector<Secret> secrets_of(Bytes question) {
  if (is_password(question)) return {secret_payload(word_form, question)};
  const bool login = question.size() >= new_header_size && begins_new(question) &&
                     question[2] == static_cast<std::uint8_t>(NewFunction::password);
  if (login) return {secret_payload(login_form, question)};
  return {};
}

}  // namespace bms::ant
