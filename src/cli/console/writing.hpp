// Setting parameters with the owner's consent: shown, asked for, written, read back. For `set` and `restore`.
#pragma once

#include <string>
#include <vector>

#include "bms/exit_code.hpp"
#include "cli/console/consent.hpp"
#include "cli/console/conversation.hpp"

namespace bms::cli {

struct Writing {
  Consent consent{};
  bool dry_run = false;                         ///< only shows what would be written
  ExitCode when_different = ExitCode::stopped;  ///< how a dry run ends that would write something
  std::string how_to_write = "nothing was written, as --dry-run wants it";  ///< what such a dry run says at its end
};

/// Sets what the board does not hold already. Everything is looked at before the first byte is written, and what the
/// owner has seen as present must still be there then.
[[nodiscard]] ExitCode write_settings(const Conversation& with, const Board& board,
                                      std::vector<console::Setting> settings, const Writing& writing);

}  // namespace bms::cli
