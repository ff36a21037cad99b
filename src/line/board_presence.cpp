#include "line/board_presence.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <tuple>
#include <utility>

#include "files/atomic_file.hpp"

namespace bms::line {

namespace fs = std::filesystem;

namespace {

constexpr mode_t usual_mode = 0644;

/// Whether somebody who lives has this file locked.
bool is_held(const fs::path& file) {
  const files::Descriptor opened(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!opened.is_open()) return false;
  return flock(opened.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace

BoardPresence::BoardPresence(std::string directory, const std::string& board, const std::string& place)
    : directory_(std::move(directory)),
      beginning_(files::file_name_of(board) + ".at."),
      own_(beginning_ + files::file_name_of(place)),
      locked_(-1) {
  if (directory_.empty()) return;
  std::error_code ignored;
  fs::create_directories(directory_, ignored);
  const std::string file = directory_ + "/" + own_;
  locked_ = files::Descriptor(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, usual_mode));
  if (locked_.is_open()) std::ignore = flock(locked_.number(), LOCK_EX | LOCK_NB);
}

BoardPresence::~BoardPresence() {
  if (locked_.is_open()) unlink((directory_ + "/" + own_).c_str());
}

std::vector<std::string> BoardPresence::elsewhere() const {
  std::vector<std::string> places;
  if (directory_.empty()) return places;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory_, ignored)) {
    const std::string name = entry.path().filename();
    if (name == own_ || !name.starts_with(beginning_) || !is_held(entry.path())) continue;
    places.push_back(name.substr(beginning_.size()));
  }
  std::ranges::sort(places);
  return places;
}

}  // namespace bms::line
