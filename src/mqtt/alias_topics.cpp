#include "mqtt/alias_topics.hpp"

#include <utility>

#include "items/battery_paths.hpp"
#include "mqtt/seconds.hpp"

namespace bms::mqtt {

namespace {

std::size_t how_many(AliasCount count, const Battery& battery) {
  return count == AliasCount::cells ? battery.cell_count : battery.reading.temperatures_c.size();
}

}  // namespace

AliasTopics::AliasTopics(const AliasSet& set, const Config& config, const Battery& battery)
    : interval_(seconds(config.interval_s)), heartbeat_(seconds(config.heartbeat_s)) {
  std::string prefix = config.alias_prefix.empty() ? std::string(set.prefix) : config.alias_prefix;
  if (!prefix.empty()) prefix += '/';
  for (const AliasRow& row : set.rows) {
    if (row.count == AliasCount::one)
      entries_.push_back({.row = &row, .number = 0, .topic = prefix + std::string(row.topic)});
    if (row.count == AliasCount::one) continue;
    for (std::size_t number = 1; number <= how_many(row.count, battery); ++number)
      entries_.push_back({.row = &row, .number = number, .topic = prefix + items::numbered(row.topic, number)});
  }
}

void AliasTopics::update(const Battery& battery, Clock::time_point now) {
  const bool time_for_changes = now - sent_at_ >= interval_;
  const bool time_for_all = now - all_sent_at_ >= heartbeat_;
  for (Entry& entry : entries_) {
    const auto value = entry.row->source(battery, entry.number);
    std::string text = value ? alias_text(*entry.row, *value) : std::string();
    entry.changed |= text != entry.text;
    entry.text = std::move(text);
    entry.due |= time_for_all || (entry.changed && time_for_changes);
  }
  if (time_for_all) all_sent_at_ = now;
}

void AliasTopics::repeat() {
  for (Entry& entry : entries_) entry.due = true;
}

void AliasTopics::send(const Publish& publish, Clock::time_point now) {
  for (Entry& entry : entries_) {
    if (!entry.due) continue;
    if (!entry.text.empty()) {
      if (!publish(entry.topic, entry.text)) return;
      sent_at_ = now;
    }
    entry.due = entry.changed = false;
  }
}

}  // namespace bms::mqtt
