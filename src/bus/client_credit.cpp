#include "bus/client_credit.hpp"

#include <algorithm>
#include <utility>

namespace bms::bus {

Credit ClientCredit::of(std::string_view client, TimePoint now) {
  forgive(now);
  const Debtor* debtor = find(client);
  if (!debtor) return debtors_.size() < most_clients ? Credit::answer : Credit::silence;
  if (debtor->debt < answered_below) return Credit::answer;
  return debtor->debt < refused_below ? Credit::refusal : Credit::silence;
}

void ClientCredit::charge(std::string_view client, std::size_t bytes, TimePoint now) {
  forgive(now);
  Debtor* debtor = find(client);
  if (!debtor) debtor = &debtors_.emplace_back(Debtor{.client = std::string{client}});
  debtor->debt += static_cast<double>(bytes);
}

bool ClientCredit::must_be_asked(std::string_view client, TimePoint now) {
  Debtor* debtor = find(client);
  if (!debtor || debtor->debt < asked_above) return false;
  if (debtor->asked && now - debtor->asked_at < question_time) return false;
  debtor->asked = true;
  debtor->asked_at = now;
  debtor->asked_with = debtor->debt;
  return true;
}

void ClientCredit::has_read(std::string_view client) {
  Debtor* debtor = find(client);
  if (!debtor) return;
  debtor->debt -= debtor->asked_with;
  debtor->asked = false;
  if (debtor->debt <= 0) left(client);
}

void ClientCredit::left(std::string_view client) {
  std::erase_if(debtors_, [client](const Debtor& each) { return each.client == client; });
}

ClientCredit::Debtor* ClientCredit::find(std::string_view client) {
  const auto found = std::ranges::find(debtors_, client, &Debtor::client);
  return found == debtors_.end() ? nullptr : &*found;
}

/// An equal share for each, so that many who do not read get no more than one.
void ClientCredit::forgive(TimePoint now) {
  const double passed_s = std::chrono::duration<double>(now - std::exchange(forgiven_until_, now)).count();
  if (debtors_.empty()) return;
  const double share = std::max(0.0, passed_s) * forgiven_per_s / static_cast<double>(debtors_.size());
  for (Debtor& each : debtors_) {
    each.debt -= share;
    each.asked_with = std::max(0.0, each.asked_with - share);  // the oldest first
  }
  std::erase_if(debtors_, [](const Debtor& each) { return each.debt <= 0; });
}

}  // namespace bms::bus
