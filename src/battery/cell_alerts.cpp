#include "battery/cell_alerts.hpp"

#include <algorithm>

namespace bms::battery {

namespace {

bool is_worse(CellAlertKind kind, std::uint16_t value_mv, std::uint16_t than_mv) {
  if (than_mv == 0) return true;
  return kind == CellAlertKind::low_cell ? value_mv < than_mv : value_mv > than_mv;
}

}  // namespace

CellAlerts::CellAlerts(const List& list) : list_(list) { note_lasting(); }

void CellAlerts::note_lasting() {
  lasting_ = {};
  for (const CellAlert& alert : list_)
    if (alert.lasts) lasting_[static_cast<std::size_t>(alert.kind)] = true;
}

/// The one that lasts, or a new one.
CellAlert& CellAlerts::lasting(CellAlertKind kind, double unix_s) {
  const auto found =
      std::ranges::find_if(list_, [kind](const CellAlert& alert) { return alert.kind == kind && alert.lasts; });
  if (found != list_.end()) return *found;
  if (list_.size() == most) list_.pop_back();
  CellAlert& alert = *list_.insert(list_.begin(), CellAlert{.kind = kind, .begun_unix_s = unix_s});
  note_lasting();  // the one that has left may have lasted, too
  return alert;
}

void CellAlerts::follow(CellAlertKind kind, std::optional<CellAlertLevel> level, std::optional<Worst> worst,
                        double unix_s) {
  if (!level && !lasts(kind)) return;
  CellAlert& alert = lasting(kind, unix_s);
  if (!level) {
    alert.lasts = false;
    alert.ended_unix_s = unix_s;
    return note_lasting();
  }
  // What has become worse has not been seen by anybody.
  if (*level > alert.level) alert.acknowledged = false;
  alert.level = std::max(alert.level, *level);
  if (!worst || !is_worse(kind, worst->value_mv, alert.peak_mv)) return;
  alert.cell = worst->cell;
  alert.peak_mv = worst->value_mv;
  alert.peak_unix_s = unix_s;
}

void CellAlerts::acknowledge() {
  for (CellAlert& alert : list_) alert.acknowledged = true;
}

std::size_t CellAlerts::unacknowledged() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      list_, [](const CellAlert& alert) { return alert.level != CellAlertLevel::info && !alert.acknowledged; }));
}

}  // namespace bms::battery
