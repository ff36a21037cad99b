// Small files that must never be half written.
#pragma once

#include <string>
#include <string_view>

#include "files/descriptor.hpp"

namespace bms::files {

/// Whether a file must outlive a power cut. What needs only to outlive the process lives in memory and is not synced.
enum class Lasting : bool { no, yes };

/// Replaces `path` by a file with this content, in one step: whoever looks, at any moment and after any crash, finds
/// the old content or the new one. Makes the directory where it is missing. What is there and is not a file is
/// replaced, or moved aside where it is a directory; nothing is opened that could block. False: not written, the old
/// file is as it was.
[[nodiscard]] bool write_atomically(const std::string& path, std::string_view content, Lasting lasting);

/// Writes all of it. False: not all could be written.
[[nodiscard]] bool write_all(const Descriptor& file, std::string_view content);

/// `name` as part of a file name: letters, digits, '_' and '-'; everything else becomes '_'.
[[nodiscard]] std::string file_name_of(std::string_view name);

}  // namespace bms::files
