// What each byte of a frame is for: tables of the forms that the frames of a family have, for people who look at a
// trace. What the bytes mean is said by Family::explain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bms/bytes.hpp"

namespace bms {

/// Who sends it.
enum class Sender : std::uint8_t { host, board };

/// What a byte of a frame is for.
enum class Role : std::uint8_t { start, address, command, place, length, payload, record, checksum, end, stray };

/// "start", "address", ...; a stray byte belongs to no frame.
[[nodiscard]] std::string_view name_of(Role role);

/// A form of frames, as a row of a family's table.
struct FrameForm {
  Sender sender;
  /// A letter for each byte: S start, A address, F command, R place (register, slot), L length, * the payload, however
  /// long, X a record with a checksum of its own, C checksum, E end. Before the payload there is at least one byte.
  std::string_view layout;
  /// Whether such a frame may begin here. Precondition: the bytes before the payload are there.
  bool (*begins)(Bytes head);
  /// How long the payload is. Precondition as above.
  std::size_t (*payload)(Bytes head);
  std::size_t summed_from;  ///< the checksum covers all from here to itself
  std::uint16_t (*sum)(Bytes covered);
  bool low_byte_first = false;
};

/// Bytes of a frame that belong together.
struct FramePart {
  Role role{};
  std::size_t offset = 0, size = 0;
  /// Of a checksum: what is there, and what it must be.
  std::uint16_t received = 0;
  std::optional<std::uint16_t> computed{};
};

/// Takes a stream apart: frames one after the other, stray bytes in between. Frames of the other side are known as
/// well: some adapters send back what they were given. What begins like a frame and has a wrong checksum is taken as
/// that frame when it ends where the stream does.
[[nodiscard]] std::vector<FramePart> parts_of(Bytes stream, Sender sender, std::span<const FrameForm> forms);

/// Whether a stream ends where a sound frame does, and holds no damaged one.
[[nodiscard]] bool ends_with_frame(std::span<const FramePart> parts);

/// A frame with bytes that nobody else may see.
struct Secret {
  const FrameForm* form = nullptr;
  std::vector<std::uint8_t> head;    ///< its bytes before the payload
  std::size_t offset = 0, size = 0;  ///< which bytes of the frame it is about
};

/// What a family knows of its frames besides their meaning.
struct Anatomy {
  std::span<const FrameForm> (*forms)() = nullptr;
  /// What a question asks or orders, in a few words: "read CELL?". Empty: it is no question of the family.
  std::string (*in_words)(Bytes question) = nullptr;
  /// The frames with passwords that a question is or brings. Empty: the family has none.
  std::vector<Secret> (*secrets)(Bytes question) = nullptr;
};

/// The whole payload of a frame as a secret. Precondition: `frame` begins with the head of `form`.
[[nodiscard]] Secret secret_payload(const FrameForm& form, Bytes frame);

/// Where the checksum is in a frame of this form that begins with `head`, and how long the frame is.
struct FrameSize {
  std::size_t sum_at, sum_size, whole;
};
[[nodiscard]] FrameSize size_of(const FrameForm& form, Bytes head);

}  // namespace bms
