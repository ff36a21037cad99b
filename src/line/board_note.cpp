#include "line/board_note.hpp"

#include <unistd.h>

#include "files/atomic_file.hpp"

namespace bms::line {

BoardNote::BoardNote(const std::string& directory, const std::string& place, const NoteKind& kind) : text_(kind.text) {
  if (directory.empty()) return;
  file_ = (directory + "/" + files::file_name_of(place)).append(kind.ending);
  found_ = set_ = access(file_.c_str(), F_OK) == 0;
}

bool BoardNote::set(bool noted) {
  if (file_.empty() || noted == set_) return true;
  set_ = noted;
  if (noted) return files::write_atomically(file_, text_, files::Lasting::no);
  unlink(file_.c_str());
  return true;
}

}  // namespace bms::line
