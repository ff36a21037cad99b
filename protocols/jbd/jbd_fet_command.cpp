// Switches one FET off by the software lock of register E1, or releases that lock.
#include "jbd/jbd_fet_command.hpp"

#include "jbd/jbd_tables.hpp"

namespace bms::jbd {
namespace {

/// A board may show the change only after its next cycle of measuring; ten readings take about a second.
constexpr int checks = 10;

constexpr std::uint16_t charge_off = 0x0001;
constexpr std::uint16_t discharge_off = 0x0002;

}  // namespace

FetCommand::FetCommand(Board& board, Fet fet, bool on)
    : FactoryModeCommand(board), fet_(fet), on_(on), checks_left_(checks) {
  ask_basic_info(Step::learn);
}

void FetCommand::ask_basic_info(Step step) {
  step_ = step;
  ask_for_basic_info();
}

void FetCommand::answered(const Result<Reply>& answer) {
  if (step_ == Step::write) return answered_write(answer);
  if (!answer) return conclude(std::unexpected(write_error_.value_or(answer.error())));
  const Result<BasicInfo> info = decode_basic_info(*answer);
  if (!info) return conclude(std::unexpected(info.error()));
  board().learn(*info);
  step_ == Step::learn ? decide() : answered_check(*info);
}

void FetCommand::decide() {
  wanted_ = board().locks;
  (fet_ == Fet::charge ? wanted_.charge : wanted_.discharge) = !on_;
  if (wanted_.charge && wanted_.discharge) return write();
  // Guessing would either lock for good what a protection opened for a while, or release somebody else's lock.
  conclude(failure(ErrorKind::rejected,
                   "a software lock and a protection are both active, and which of them holds the other FET open "
                   "cannot be told; try again when the protection is over"));
}

void FetCommand::write() {
  step_ = Step::write;
  const unsigned mask = (*wanted_.charge ? charge_off : 0U) | (*wanted_.discharge ? discharge_off : 0U);
  ask_to_write(registers::fet_lock, static_cast<std::uint16_t>(mask));
}

void FetCommand::answered_write(const Result<Reply>& answer) {
  const bool refused = !answer && answer.error().kind == ErrorKind::status;
  if (refused) {
    // Most boards take the lock as it is; some want factory mode first (80 on older, 81 on newer firmware).
    const bool not_allowed = answer.error().status == 0x80 || answer.error().status == 0x81;
    if (!not_allowed || tried_factory_mode_) return conclude(std::unexpected(answer.error()));
    tried_factory_mode_ = true;
    return enter_anew();
  }
  // A lost acknowledgement proves nothing: register 03 decides.
  if (!answer) write_error_ = answer.error();
  if (answer) board().locks = wanted_;
  tried_factory_mode_ ? leave() : ask_basic_info(Step::check);
}

void FetCommand::answered_check(const BasicInfo& info) {
  if (shown_in(info)) {
    // Readings from before the change may have been taken for somebody else's doing.
    if ((info.protection & software_lock_mask) != 0) board().locks = wanted_;
    return conclude(CommandResult{});
  }
  if (--checks_left_ > 0) return ask_basic_info(Step::check);
  if (write_error_) return conclude(std::unexpected(*write_error_));
  conclude(failure(ErrorKind::unverified, std::string("the BMS acknowledged, but does not show the ")
                                              .append(name_of(fet_))
                                              .append(on_ ? " as released" : " as switched off")));
}

bool FetCommand::shown_in(const BasicInfo& info) const {
  const bool charge = fet_ == Fet::charge;
  const bool conducts = charge ? info.charge_fet : info.discharge_fet;
  const bool locked = (info.protection & software_lock_mask) != 0;
  if (!on_) return locked && !conducts;
  if (conducts || !locked) return true;
  // The lock of the other FET keeps the bit set, and a protection may hold this one open: released all the same.
  const bool other_locked = charge ? *wanted_.discharge : *wanted_.charge;
  return other_locked && (charge ? protection_opens_charge(info) : protection_opens_discharge(info));
}

}  // namespace bms::jbd
