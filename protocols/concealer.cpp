#include "concealer.hpp"

#include <algorithm>

#include "registry.hpp"

namespace bms {

namespace {

constexpr std::size_t most_watched = 8;  // a login by the old protocol of ANT is four frames

/// A byte of the checksum of a frame of which everything before it is there.
std::uint8_t sum_byte(const FrameForm& form, const FrameSize& size, Bytes frame, std::size_t at) {
  const std::uint16_t sum = form.sum(frame.first(size.sum_at).subspan(form.summed_from));
  const bool high = size.sum_size == 2 && (at == size.sum_at) != form.low_byte_first;
  return static_cast<std::uint8_t>(high ? sum >> 8U : sum & 0xFFU);
}

}  // namespace

void Concealer::Watched::pass(std::uint8_t& byte) {
  real.push_back(byte);
  const std::size_t at = shown.size();
  if (at < secret.head.size()) {
    const auto begins = [this] { return std::ranges::equal(real, Bytes(secret.head).first(real.size())); };
    while (!begins()) real.erase(real.begin());
    shown = real;
    return;
  }
  if (at >= secret.offset && at < secret.offset + secret.size) {
    byte = hidden_byte;
  } else if (at >= size.sum_at && at < size.sum_at + size.sum_size) {
    const std::uint8_t fault = byte ^ sum_byte(*secret.form, size, real, at);
    byte = sum_byte(*secret.form, size, shown, at) ^ fault;
  }
  shown.push_back(byte);
  if (shown.size() < size.whole) return;
  shown.clear();
  real.clear();
}

void Concealer::sent(std::span<std::uint8_t> question) {
  for (const Family& family : families()) {
    if (family.anatomy.secrets == nullptr) continue;
    for (Secret& secret : family.anatomy.secrets(question)) {
      const FrameSize size = size_of(*secret.form, secret.head);
      watched_.push_back({.secret = std::move(secret), .size = size});
      Watched here = watched_.back();
      for (std::uint8_t& byte : question) here.pass(byte);
      if (watched_.size() > most_watched) watched_.pop_front();
    }
  }
}

void Concealer::received(std::span<std::uint8_t> piece) {
  for (Watched& watched : watched_) {
    for (std::uint8_t& byte : piece) watched.pass(byte);
  }
}

std::vector<bool> hidden_in(Bytes stream, std::span<const Secret> secrets) {
  std::vector<bool> hidden(stream.size());
  for (const Secret& secret : secrets) {
    for (Bytes rest = stream;;) {
      const auto found = std::ranges::search(rest, secret.head);
      if (found.empty()) break;
      const auto at = static_cast<std::size_t>(found.begin() - stream.begin());
      for (std::size_t i = at + secret.offset; i < std::min(at + secret.offset + secret.size, stream.size()); ++i)
        hidden[i] = true;
      rest = stream.subspan(at + 1);
    }
  }
  return hidden;
}

}  // namespace bms
