#include "line/mode_note.hpp"

#include <unistd.h>

#include "files/atomic_file.hpp"

namespace bms::line {

ModeNote::ModeNote(const std::string& directory, const std::string& place) {
  if (directory.empty()) return;
  file_ = directory + "/" + files::file_name_of(place) + ".mode";
  found_ = set_ = access(file_.c_str(), F_OK) == 0;
}

void ModeNote::set(bool may_be_open) {
  if (file_.empty() || may_be_open == set_) return;
  set_ = may_be_open;
  if (!may_be_open) {
    unlink(file_.c_str());
    return;
  }
  // Without the note a board is still taken out of its mode by its protocol, only not after a crash.
  static_cast<void>(
      files::write_atomically(file_, "a board may be in a mode that it has to leave\n", files::Lasting::no));
}

}  // namespace bms::line
