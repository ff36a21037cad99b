#include "driver/cell_memory.hpp"

#include <utility>

#include "files/small_file.hpp"

namespace bms::driver {

using namespace std::chrono_literals;

namespace {

constexpr auto lasting_interval = 6h;
constexpr auto memory_interval = 10min;

}  // namespace

std::string cells_file(const std::string& directory, const std::string& id) {
  return directory.empty() ? std::string()
                           : directory + "/batteries/" + files::file_name_of(id) + std::string(cells_ending);
}

std::optional<battery::CellDocument> newer_of(std::optional<battery::CellDocument> one,
                                              std::optional<battery::CellDocument> other) {
  if (!one || !other) return one ? std::move(one) : std::move(other);
  return other->saved_unix_s > one->saved_unix_s ? std::move(other) : std::move(one);
}

std::optional<battery::CellDocument> CellMemory::read(const std::string& path) {
  const files::SmallFile found = files::read_small_file(path);
  std::string why = found.problem;
  bool newer = false;
  if (found.content) {
    auto document = battery::read_cell_document(*found.content);
    if (document) return std::move(*document);
    why = "cannot be read: " + document.error().message;
    newer = document.error().kind == ErrorKind::unsupported;
  }
  if (why.empty()) return std::nullopt;
  const auto aside = files::move_aside(path, newer ? ".newer" : ".corrupt");
  problem_ = path + " " + why + (aside ? "; kept as " + *aside : "; it cannot be moved aside");
  return std::nullopt;
}

std::optional<CellMemory::Recalled> CellMemory::recall(WallTime now) {
  problem_.clear();
  if (lasting_path_.empty()) return std::nullopt;
  auto found = read(lasting_path_);
  lasting_exists_ = found.has_value();
  if (!found) return std::nullopt;
  if (!memory_path_.empty()) found = newer_of(std::move(found), read(memory_path_));
  const auto now_s = unix_time(now);
  const bool believable = now_s && found->saved_unix_s && *now_s >= *found->saved_unix_s;
  return Recalled{.record = std::move(found->record),
                  .down_s = believable ? std::optional(*now_s - *found->saved_unix_s) : std::nullopt};
}

std::optional<files::Lasting> CellMemory::due(TimePoint now) {
  if (!due_) {
    due_ = now + memory_interval;
    lasting_due_ = lasting_exists_ ? now + lasting_interval : *due_;
  }
  if (now < *due_) return std::nullopt;
  due_ = now + memory_interval;
  if (now < *lasting_due_) return memory_path_.empty() ? std::nullopt : std::optional(files::Lasting::no);
  lasting_due_ = now + lasting_interval;
  return files::Lasting::yes;
}

bool CellMemory::save(const battery::CellRecord& record, files::Lasting lasting, WallTime now) const {
  const std::string& path = lasting == files::Lasting::yes ? lasting_path_ : memory_path_;
  if (path.empty() || record.cells == 0) return true;
  return files::write_atomically(path, battery::written(record, unix_time(now), place_), lasting);
}

}  // namespace bms::driver
