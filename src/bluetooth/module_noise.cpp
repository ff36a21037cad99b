#include "bluetooth/module_noise.hpp"

#include <algorithm>

#include "module_frame.hpp"

namespace bms::bluetooth {

namespace {

/// No board begins an answer with such a byte, except those of ANT: their ~ is not one that such texts contain.
constexpr bool is_text(std::uint8_t byte) {
  return (byte >= ' ' && byte < '~') || byte == '\r' || byte == '\n' || byte == '\t' || byte == '\0';
}

constexpr std::size_t shortest_text = 2;  // a single byte may be the first one of an answer

std::size_t frames_size(Bytes piece) {
  std::size_t size = 0;
  while (const auto frame = module_frame_at(piece.subspan(size))) size += frame->size;
  return size;
}

std::size_t zeros_size(Bytes piece) {
  return static_cast<std::size_t>(std::ranges::find_if(piece, [](auto byte) { return byte != 0; }) - piece.begin());
}

/// How many bytes of the module a piece begins with.
std::size_t own_size(Bytes piece, bool answering) {
  std::size_t size = frames_size(piece);
  if (answering) return size;
  size += zeros_size(piece.subspan(size));
  const Bytes rest = piece.subspan(size);
  const bool text = rest.size() >= shortest_text && std::ranges::all_of(rest, is_text);
  return text ? piece.size() : size;
}

}  // namespace

SortedPiece ModuleNoise::sort(Bytes piece) {
  const std::size_t own = own_size(piece, answering_);
  skipped_ += own;
  answering_ = answering_ || own < piece.size();
  return {.module = piece.first(own), .board = piece.subspan(own)};
}

}  // namespace bms::bluetooth
