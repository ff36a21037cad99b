#include "anatomy.hpp"

#include <algorithm>
#include <array>

namespace bms {

namespace {

constexpr std::array<std::string_view, 10> names{"start",   "address", "command",  "place", "length",
                                                 "payload", "record",  "checksum", "end",   "no frame"};

constexpr std::string_view letters = "SAFRL*XCE";

Role role_of(char letter) { return static_cast<Role>(letters.find(letter)); }

/// A form that is laid over bytes.
class Laid {
 public:
  Laid(const FrameForm& form, Bytes bytes) : form_(form), bytes_(bytes) {
    const std::size_t head = form.layout.find('*');
    if (bytes.size() >= head && form.begins(bytes.first(head))) size_ = size_of(form, bytes.first(head));
  }

  /// Whether all bytes of the frame are there.
  [[nodiscard]] bool fits() const { return size_ && size_->whole <= bytes_.size(); }
  [[nodiscard]] bool sound() const { return fits() && received() == computed(); }
  [[nodiscard]] std::size_t size() const { return size_->whole; }

  void add_to(std::vector<FramePart>& parts, std::size_t offset) const {
    const std::string_view layout = form_.layout;
    for (std::size_t at = 0; at < layout.size();) {
      const std::size_t end = std::min(layout.find_first_not_of(layout[at], at), layout.size());
      const Role role = role_of(layout[at]);
      FramePart part{.role = role, .offset = offset, .size = role == Role::payload ? payload_size() : end - at};
      if (role == Role::checksum) {
        part.received = received();
        part.computed = computed();
      }
      at = end;
      offset += part.size;
      if (part.size > 0) parts.push_back(part);
    }
  }

 private:
  [[nodiscard]] std::size_t payload_size() const { return size_->whole + 1 - form_.layout.size(); }
  [[nodiscard]] std::uint16_t received() const {
    if (size_->sum_size == 1) return bytes_[size_->sum_at];
    const std::uint16_t value = u16_be(bytes_, size_->sum_at);
    return form_.low_byte_first ? static_cast<std::uint16_t>(value >> 8U | value << 8U) : value;
  }
  [[nodiscard]] std::uint16_t computed() const {
    const std::uint16_t sum = form_.sum(bytes_.first(size_->sum_at).subspan(form_.summed_from));
    return size_->sum_size == 1 ? sum & 0xFFU : sum;
  }

  const FrameForm& form_;
  Bytes bytes_;
  std::optional<FrameSize> size_;
};

void add_stray(std::vector<FramePart>& parts, std::size_t offset) {
  if (!parts.empty() && parts.back().role == Role::stray) {
    ++parts.back().size;
  } else {
    parts.push_back({.role = Role::stray, .offset = offset, .size = 1});
  }
}

/// The form of what begins at the first byte; nullptr: no frame does.
const FrameForm* form_of(Bytes bytes, Sender sender, std::span<const FrameForm> forms) {
  const FrameForm* echoed = nullptr;
  const FrameForm* damaged = nullptr;
  for (const FrameForm& form : forms) {
    const Laid laid(form, bytes);
    if (laid.sound() && form.sender == sender) return &form;
    if (laid.sound() && echoed == nullptr) echoed = &form;
    if (laid.fits() && form.sender == sender && laid.size() == bytes.size() && damaged == nullptr) damaged = &form;
  }
  return echoed != nullptr ? echoed : damaged;
}

}  // namespace

std::string_view name_of(Role role) { return names.at(static_cast<std::size_t>(role)); }

FrameSize size_of(const FrameForm& form, Bytes head) {
  const std::string_view layout = form.layout;
  const std::size_t payload = form.payload(head);
  return {.sum_at = layout.find('C') - 1 + payload,
          .sum_size = static_cast<std::size_t>(std::ranges::count(layout, 'C')),
          .whole = layout.size() - 1 + payload};
}

Secret secret_payload(const FrameForm& form, Bytes frame) {
  const Bytes head = frame.first(form.layout.find('*'));
  return {.form = &form, .head = {head.begin(), head.end()}, .offset = head.size(), .size = form.payload(head)};
}

std::vector<FramePart> parts_of(Bytes stream, Sender sender, std::span<const FrameForm> forms) {
  std::vector<FramePart> parts;
  for (std::size_t at = 0; at < stream.size();) {
    const Bytes rest = stream.subspan(at);
    const FrameForm* const form = form_of(rest, sender, forms);
    if (form == nullptr) {
      add_stray(parts, at++);
      continue;
    }
    const Laid laid(*form, rest);
    laid.add_to(parts, at);
    at += laid.size();
  }
  return parts;
}

bool ends_with_frame(std::span<const FramePart> parts) {
  const auto damaged = [](const FramePart& part) { return part.computed && *part.computed != part.received; };
  return !parts.empty() && parts.back().role != Role::stray && std::ranges::none_of(parts, damaged);
}

}  // namespace bms
