#include "bus/confirmed_write.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <variant>

namespace bms::bus {
namespace {

constexpr auto write_timeout = std::chrono::milliseconds{1500};
constexpr auto read_back_delay = std::chrono::seconds{2};

/// Why a call brought nothing: the error's name, or what it says.
std::string error_in(sd_bus_message* reply) {
  const sd_bus_error* error = sd_bus_message_get_error(reply);
  if (sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY) > 0 ||
      sd_bus_error_has_name(error, "org.freedesktop.DBus.Error.Timeout") > 0)
    return "no answer";
  return error && error->message ? error->message : "an error";
}

}  // namespace

bool same_number(double a, double b) { return std::abs(a - b) < 0.15; }

ConfirmedWrite::ConfirmedWrite(BusConnection& bus, std::string owner, std::string path, OnOutcome on_outcome)
    : bus_{bus},
      owner_{std::move(owner)},
      path_{std::move(path)},
      on_outcome_{std::move(on_outcome)},
      look_{bus.loop()} {}

void ConfirmedWrite::write(const items::Value& number, bool read_back) {
  look_.cancel();
  written_ = number;
  repetition_.reset();
  under_way_ = true;
  refused_ = false;
  call_ = call(
      bus_, {owner_, path_, bus_item_interface, "SetValue"}, write_timeout,
      [this, read_back](sd_bus_message* reply) { take_result(reply, read_back); },
      [&number](MessageWriter& arguments) { arguments.append_value(number); });
}

void ConfirmedWrite::repeat() {
  if (!repetition_) {
    repetition_ = make_tell(bus_, {owner_, path_, bus_item_interface, "SetValue"},
                            [this](MessageWriter& arguments) { arguments.append_value(written_); });
  }
  tell(bus_, repetition_);
}

void ConfirmedWrite::forget() {
  look_.cancel();
  call_ = {};
  written_ = {};
  repetition_.reset();
  under_way_ = false;
  failures_ = 0;
}

void ConfirmedWrite::take_result(sd_bus_message* reply, bool read_back) {
  if (sd_bus_message_is_method_error(reply, nullptr) > 0) return end(error_in(reply));
  const auto answer = read_value(reply);
  const auto* result = answer ? std::get_if<std::int64_t>(&*answer) : nullptr;
  if (!result) return end("an answer that means nothing");
  refused_ = *result != 0;
  if (refused_) return end("refused with " + std::to_string(*result));
  if (!read_back) return end("");
  look_.after(read_back_delay, [this] { read_back_now(); });
}

void ConfirmedWrite::read_back_now() {
  call_ = call(bus_, {owner_, path_, bus_item_interface, "GetValue"}, write_timeout,
               [this](sd_bus_message* reply) { take_read_back(reply); });
}

void ConfirmedWrite::take_read_back(sd_bus_message* reply) {
  if (sd_bus_message_is_method_error(reply, nullptr) > 0) return end(error_in(reply));
  const auto answer = read_value(reply);
  const auto value = answer ? items::fitted(*answer, items::Type::real) : std::nullopt;
  const auto number = value ? items::number_in(*value) : std::nullopt;
  if (!number) return end("nothing is there afterwards");
  const bool same = same_number(*number, *items::number_in(written_));
  end(same ? "" : "afterwards it is " + fmt::format("{:g}", *number));
}

void ConfirmedWrite::end(const std::string& problem) {
  under_way_ = false;
  failures_ = problem.empty() ? 0 : failures_ + 1;
  on_outcome_(problem);
}

}  // namespace bms::bus
